import pytest

from portal.ui.files import Access, register_files, unregister_files


@pytest.fixture
def film(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "tried").mkdir()
    (tmp_path / "tried/film.mp4").write_bytes(bytes(range(200)))
    register_files("tried", lambda _name, _request: Access.PUBLIC)
    yield "/media/tried/film.mp4"
    unregister_files("tried")


def test_whole_file_without_a_range(client, film):
    answer = client.get(film)

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, bytes(range(200)))
    assert answer["Accept-Ranges"] == "bytes"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=0-9", 206, bytes(range(10))),
        ("bytes=190-", 206, bytes(range(190, 200))),
        ("bytes=-5", 206, bytes(range(195, 200))),
        ("bytes=190-900", 206, bytes(range(190, 200))),
        ("bytes=500-", 416, b""),
        ("bytes=20-10", 416, b""),
        (f"bytes=0-{'9' * 15}", 206, bytes(range(200))),
    ],
)
def test_part_of_a_file(client, film, wanted, status, content):
    answer = client.get(film, headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (status, content)


@pytest.mark.parametrize(
    "path",
    [
        "/media/tried/none.mp4",
        "/media/tried",
        "/media/tried/",
        "/media/tried/../film.mp4",
        "/media/tried//film.mp4",
        "/media/tried/%2e%2e/film.mp4",
        "/media/tried/film.mp4%00",
        "/media/../manage.py",
        "/media/%2e%2e/x",
    ],
)
def test_nothing_outside_the_media_folder(client, film, path):
    assert client.get(path).status_code == 404
