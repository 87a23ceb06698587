import socket
import stat
import threading

from search_project.data_dir import KEPT_PORTS, InstallationState, free_port
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
