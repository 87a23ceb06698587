import os
import socket
import stat
import threading

from search_project.data_dir import KEPT_PORTS, InstallationState, free_port, installation
from search_project.servers.embedded import can_listen


def test_a_secret_is_made_once_and_is_for_its_owner_alone(tmp_path):
    secret = InstallationState(tmp_path).secret("key")
    assert len(secret) == 64
    assert InstallationState(tmp_path).secret("key") == secret
    assert stat.S_IMODE((tmp_path / "secrets" / "key").stat().st_mode) == 0o600


def test_many_who_ask_at_once_get_the_same_secret(tmp_path):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(InstallationState(tmp_path).secret("key")))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["key"]


def test_a_port_is_kept_until_a_new_one_is_asked_for(tmp_path):
    state = InstallationState(tmp_path)
    port = state.port("broker")
    assert state.port("broker") == port
    assert port in KEPT_PORTS
    assert InstallationState(tmp_path).port("broker") == port
    assert state.new_port("broker") in KEPT_PORTS


def test_a_free_port_can_be_listened_on_and_a_taken_one_cannot():
    port = free_port()
    assert can_listen(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not can_listen(port)


def test_what_is_made_is_for_its_owner_alone(tmp_path, monkeypatch):
    before = os.umask(0o022)
    try:
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        made = installation().folder("originals") / "one"
        made.write_text("words")
    finally:
        os.umask(before)
    assert [mode(path) for path in (made, made.parent, tmp_path / "var")] == [0o600, 0o700, 0o700]


def test_folders_from_before_are_closed_and_others_are_left(tmp_path):
    state = InstallationState(tmp_path / "var")
    state.folder("originals").chmod(0o775)
    state.var.chmod(0o2755)
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "elsewhere").chmod(0o755)
    (state.var / "models").symlink_to(tmp_path / "elsewhere")
    state.close_to_others()
    assert (mode(state.var), mode(state.var / "originals")) == (0o700, 0o700)
    assert mode(tmp_path / "elsewhere") == 0o755


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)
