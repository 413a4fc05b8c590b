from __future__ import annotations

import pytest

from data_prep.sources.licences import (
    is_licence_file,
    join_licences,
    licence_in_header,
    recognise_licence,
    unwelcome_licence,
)

BSD = """Copyright (c) 2009 The Authors. All rights reserved.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:
"""
THIRD_CLAUSE = (
    "* Neither the name of the author nor the names of its contributors may be used to endorse or promote products"
)

TEXTS = {
    "MIT": "Permission is hereby granted, free of charge, to any person\nobtaining a copy of this software",
    "Apache-2.0": "              Apache License\n        Version 2.0, January 2004\n",
    "BSD-2-Clause": BSD,
    "BSD-3-Clause": BSD + THIRD_CLAUSE,
    "GPL-2.0-only": "        GNU GENERAL PUBLIC LICENSE\n           Version 2, June 1991\n",
    "GPL-3.0-only": "GNU GENERAL PUBLIC LICENSE\nVersion 3\n... GNU Affero General Public License version 3",
    "LGPL-2.1-only": "GNU LESSER GENERAL PUBLIC LICENSE\n   Version 2.1, February 1999\n",
    "LGPL-3.0-only": "GNU LESSER GENERAL PUBLIC LICENSE\n Version 3\n... GNU General Public License, version 3",
    "AGPL-3.0-only": "GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3, 19 November 2007\n",
    "MPL-2.0": "Mozilla Public License Version 2.0\n==================================\n",
    "CC0-1.0": "Creative Commons Legal Code\n\nCC0 1.0 Universal\n",
    "CC-BY-SA-4.0": "Attribution-ShareAlike 4.0 International\n",
    "Unlicense": "This is free and unencumbered software released into the public domain.\n",
    "GPL-2.0-only WITH Classpath-exception-2.0": "The GNU General Public License (GPL)\n\nVersion 2"
    '\n"CLASSPATH" EXCEPTION TO THE GPL',
    "unknown": "All rights reserved. Ask us first.",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_common_licence_is_recognised_by_its_text(name: str) -> None:
    assert recognise_licence(TEXTS[name]) == name


def test_of_several_licences_in_a_file_the_first_counts() -> None:
    assert (
        recognise_licence(TEXTS["Apache-2.0"] + "\nThis product bundles, under MIT:\n" + TEXTS["MIT"]) == "Apache-2.0"
    )


@pytest.mark.parametrize("name", ["LICENSE", "Licence.md", "COPYING", "COPYING.LESSER", "LICENSE-MIT", "UNLICENSE.txt"])
def test_licence_files_are_known_by_their_names(name: str) -> None:
    assert is_licence_file(name)


@pytest.mark.parametrize("name", ["license.py", "LicenseManager.java", "licensing.md", "README.md"])
def test_programs_about_licences_are_no_licence_files(name: str) -> None:
    assert not is_licence_file(name)


def test_files_named_for_their_licences_leave_a_choice_and_others_all_hold() -> None:
    assert join_licences({"LICENSE-APACHE": "Apache-2.0", "LICENSE-MIT": "MIT"}) == "Apache-2.0 OR MIT"
    assert join_licences({"COPYING": "GPL-3.0-only", "LICENSE": "MIT"}) == "GPL-3.0-only AND MIT"
    assert join_licences({"LICENSE": "unknown"}) == "unknown"


def test_a_file_may_tell_its_licence_in_its_first_lines() -> None:
    assert licence_in_header("// SPDX-License-Identifier: (MIT OR GPL-2.0-only)\nint x;") == "(MIT OR GPL-2.0-only)"
    assert licence_in_header("/* SPDX-License-Identifier: BSD-3-Clause */") == "BSD-3-Clause"
    assert licence_in_header("x = 1\n" * 1000 + "# SPDX-License-Identifier: MIT") is None


@pytest.mark.parametrize(
    ("licence", "unwelcome"),
    [
        ("MIT", None),
        ("mit", None),
        ("GPL-3.0-or-later", None),
        ("MIT OR Proprietary", None),
        ("(Apache-2.0 OR MIT)", None),
        ("MIT AND BSD-2-Clause", "BSD-2-Clause"),
        ("unknown", "unknown"),
        ("Proprietary OR Shareware", "Proprietary"),
    ],
)
def test_an_allow_list_wants_one_licence_of_a_choice_and_all_that_hold(licence: str, unwelcome: str | None) -> None:
    assert unwelcome_licence(licence, ["MIT", "GPL-3.0"]) == unwelcome
