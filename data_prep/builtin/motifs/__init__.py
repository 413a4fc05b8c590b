"""Motifs: short algorithms with open choices, in the notation of `data_prep.builtin.reader`."""

from data_prep.builtin.motifs import dynamic, lists, maps, numbers, records, simulation, strings

MOTIFS: dict[str, str] = {
    **numbers.MOTIFS,
    **lists.MOTIFS,
    **strings.MOTIFS,
    **maps.MOTIFS,
    **records.MOTIFS,
    **dynamic.MOTIFS,
    **simulation.MOTIFS,
}
