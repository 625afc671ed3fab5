"""Activities as other systems send them."""


def activity(id="vote-1", member="u12", **fields):
    """The dictionary of one activity; the defaults are those of contract.md's example."""
    return {
        "id": id,
        "occurred_at": "2018-03-12T17:00:00Z",
        "verb": "import.answer_voted",
        "member": member,
        "object": "post:45",
        **fields,
    }
