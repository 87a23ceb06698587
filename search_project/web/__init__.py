"""The web server: `python -m search_project.web`.

granian reads requests and writes answers without a thread for each connection; Django's synchronous
stack runs in a fixed number of threads, which never wait for a client.
"""

# The environment variable by which a process knows the server that started it.
SERVER_PID = "LANTERN_WEB_SERVER_PID"
