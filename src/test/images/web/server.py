"""A small server to register, in one file and the standard library, so that it starts in a few milliseconds.

Environment
    NAME         what it answers with (default: the container's host name)
    PORT         where it listens (default 80)
    START_DELAY  seconds before it listens (default 0)
    STOP_DELAY   seconds for which it goes on accepting after SIGTERM (default 0)
    MODE         http (default); tcp: says NAME, then echoes each line; silent: runs, and never listens

Paths
    /                     NAME
    /slow?ms=500          NAME, after that time
    /stream?ms=100&n=10   n chunks, one at each interval
    /headers              the request's headers
    /ws, or any request that asks for it: a WebSocket that echoes text frames

SIGTERM: takes what has been connected already, answers what is under way, exits 0.
"""

import os
import select
import signal
import socket
import threading
import time

NAME = os.environ.get("NAME") or socket.gethostname()
PORT = int(os.environ.get("PORT", "80"))
START_DELAY = float(os.environ.get("START_DELAY", "0"))
STOP_DELAY = float(os.environ.get("STOP_DELAY", "0"))
MODE = os.environ.get("MODE", "http")

LAST_LOOK_S = 0.05  # how long the backlog must stay empty before the listener closes
FINISH_S = 60  # how long requests under way are waited for


class Requests:
    """Counts the requests under way, and knows whether the server is stopping."""

    def __init__(self):
        self.stopping = False
        self._running = 0
        self._changed = threading.Condition()

    def __enter__(self):
        with self._changed:
            self._running += 1

    def __exit__(self, *_):
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def wait_until_done(self, seconds):
        with self._changed:
            self._changed.wait_for(lambda: self._running == 0, seconds)


requests = Requests()


class Request:
    def __init__(self, head, stream):
        lines = head.decode("latin-1").split("\r\n")
        self.method, target, self.version = lines[0].split(" ")
        self.path, _, query = target.partition("?")
        self.query = dict(part.partition("=")[::2] for part in query.split("&"))
        self.header_lines = lines[1:]
        self.headers = {name.strip().lower(): value.strip() for name, _, value in (l.partition(":") for l in lines[1:])}
        stream.read(int(self.headers.get("content-length", "0")))

    def number(self, name, default):
        return int(self.query.get(name) or default)

    def wants_websocket(self):
        return self.path == "/ws" or self.headers.get("upgrade", "").lower() == "websocket"

    def keeps_alive(self):
        connection = self.headers.get("connection", "").lower()
        return not requests.stopping and (connection != "close" if self.version == "HTTP/1.1" else connection == "keep-alive")


def read_head(stream):
    """The request's first lines; None when the client has closed."""
    lines = []
    while True:
        line = stream.readline(65536)
        if not line:
            return None
        if line in (b"\r\n", b"\n"):
            if lines:
                return b"\r\n".join(lines)
            continue
        lines.append(line.rstrip(b"\r\n"))


def respond(connection, request, status, body):
    keep = request.keeps_alive()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"X-Served-By: {NAME}\r\nConnection: {'keep-alive' if keep else 'close'}\r\n\r\n"
    )
    connection.sendall(head.encode() + (b"" if request.method == "HEAD" else body))
    return keep


def respond_in_chunks(connection, request, interval_s, count):
    connection.sendall(
        f"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n"
        f"X-Served-By: {NAME}\r\nConnection: close\r\n\r\n".encode()
    )
    for number in range(1, count + 1):
        time.sleep(interval_s)
        chunk = f"{NAME} {number}\n".encode()
        connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    connection.sendall(b"0\r\n\r\n")
    return False


def answer(connection, request):
    """Answers one request; true when the connection may bring another."""
    if request.path == "/stream":
        return respond_in_chunks(connection, request, request.number("ms", 100) / 1000, request.number("n", 10))
    if request.path == "/headers":
        return respond(connection, request, "200 OK", ("\n".join(request.header_lines) + "\n").encode())
    if request.path == "/slow":
        time.sleep(request.number("ms", 500) / 1000)
    elif request.path != "/":
        return respond(connection, request, "404 Not Found", b"not here\n")
    return respond(connection, request, "200 OK", (NAME + "\n").encode())


def serve_http(connection):
    stream = connection.makefile("rb")
    while (head := read_head(stream)) is not None:
        with requests:
            request = Request(head, stream)
            if not request.wants_websocket():
                if not answer(connection, request):
                    return
                continue
        echo_websocket(connection, stream, request)
        return


def echo_websocket(connection, stream, request):
    """RFC 6455: unmasks each frame and sends it back; one frame is one message."""
    import base64
    import hashlib

    key = request.headers.get("sec-websocket-key", "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
    connection.sendall(
        f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\nX-Served-By: {NAME}\r\n\r\n".encode()
    )
    text, close, ping, pong = 0x1, 0x8, 0x9, 0xA
    while (frame := read_frame(stream)) is not None:
        opcode, payload = frame
        if opcode == text:
            write_frame(connection, text, payload)
        elif opcode == ping:
            write_frame(connection, pong, payload)
        elif opcode == close:
            write_frame(connection, close, payload)
            return


def read_frame(stream):
    start = stream.read(2)
    if len(start) < 2:
        return None
    length = start[1] & 0x7F
    if length > 125:
        length = int.from_bytes(stream.read(2 if length == 126 else 8), "big")
    mask = stream.read(4) if start[1] & 0x80 else bytes(4)
    payload = stream.read(length)
    return start[0] & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def write_frame(connection, opcode, payload):
    if len(payload) < 126:
        length = bytes([len(payload)])
    elif len(payload) < 65536:
        length = b"\x7e" + len(payload).to_bytes(2, "big")
    else:
        length = b"\x7f" + len(payload).to_bytes(8, "big")
    connection.sendall(bytes([0x80 | opcode]) + length + payload)


def serve_tcp(connection):
    connection.sendall((NAME + "\n").encode())
    for line in connection.makefile("rb"):
        with requests:
            connection.sendall(line)


def serve(protocol, connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        try:
            protocol(connection)
        except (OSError, ValueError):
            pass  # the client has gone, or does not speak the protocol


def accept_until_stopped(listener, stop_signal, protocol):
    stop_at = None
    while True:
        wait = None if stop_at is None else max(stop_at - time.monotonic(), LAST_LOOK_S)
        ready, _, _ = select.select([listener, stop_signal], [], [], wait)
        if stop_signal in ready:
            stop_signal.recv(64)
            requests.stopping = True
            stop_at = stop_at or time.monotonic() + STOP_DELAY
        if listener in ready:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(protocol, connection), daemon=True).start()
        if not ready and time.monotonic() >= stop_at:
            return


def listen():
    listener = socket.socket(socket.AF_INET6 if os.path.exists("/proc/net/if_inet6") else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", PORT))
    listener.listen(1024)
    return listener


def main():
    # A first process without handlers would ignore these signals; each one writes a byte to stop_writer.
    stop_reader, stop_writer = socket.socketpair()
    stop_writer.setblocking(False)
    signal.set_wakeup_fd(stop_writer.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)

    stopped_early = select.select([stop_reader], [], [], None if MODE == "silent" else START_DELAY)[0]
    if stopped_early:
        return
    listener = listen()
    print(f"{NAME} listens on {PORT}", flush=True)
    accept_until_stopped(listener, stop_reader, serve_tcp if MODE == "tcp" else serve_http)
    listener.close()
    requests.wait_until_done(FINISH_S)


main()
