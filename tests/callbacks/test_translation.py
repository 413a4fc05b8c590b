"""Which groups are translated."""

from hypothesis import given
from hypothesis import strategies as st

from codelm.callbacks.translation import covering_groups
from codelm.data.documents import ProgramGroup
from codelm.languages import LANGUAGES, directions


def group(name: str, *languages: str) -> ProgramGroup:
    return ProgramGroup(name, dict.fromkeys(languages, "1"))


def test_the_first_groups_are_chosen_where_all_have_every_language() -> None:
    groups = [group(str(number), *LANGUAGES) for number in range(5)]
    assert covering_groups(groups, 3) == groups[:3]


def test_a_group_that_brings_new_directions_is_preferred() -> None:
    groups = [group("a", "python", "java"), group("b", "python", "java"), group("c", "go", "rust")]
    assert [chosen.name for chosen in covering_groups(groups, 2)] == ["a", "c"]


@given(st.lists(st.sets(st.sampled_from(LANGUAGES), min_size=2), max_size=12))
def test_as_many_groups_as_there_are_have_every_direction(languages: list[set[str]]) -> None:
    groups = [group(str(number), *sorted(names)) for number, names in enumerate(languages)]
    chosen = covering_groups(groups, 42)
    there = {d for one in groups for d in directions(tuple(one.programs))}
    assert {d for one in chosen for d in directions(tuple(one.programs))} == there
