"""A small IMAP and a small SMTP client, made for measuring: they wait for what the
server says, count it, and look at nothing else."""

import base64
import re
import socket

LITERAL = re.compile(rb"\{(\d+)\}\r\n$")


class Failed(Exception):
    """The server answered NO or BAD, or went away."""


class Lines:
    """A connection that is read line by line."""

    def __init__(self, port, timeout=600):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.input = self.socket.makefile("rb", 1 << 16)

    def line(self):
        line = self.input.readline()
        if not line:
            raise Failed("the server has hung up")
        return line

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def close(self):
        self.input.close()
        self.socket.close()


class Imap(Lines):
    def __init__(self, port):
        super().__init__(port)
        self.number = 0
        self.line()

    def response(self):
        """One whole response line with its literals."""
        whole = line = self.line()
        while match := LITERAL.search(line):
            data = self.input.read(int(match.group(1)))
            line = self.line()
            whole += data + line
        return whole

    def finish(self, tag):
        responses = []
        while not (response := self.response()).startswith(tag):
            responses.append(response)
        if not response.startswith(tag + b" OK"):
            raise Failed(response.decode(errors="replace").strip())
        return responses

    def command(self, text):
        """The untagged responses of a command that succeeds."""
        self.number += 1
        tag = b"a%d" % self.number
        self.send(tag + b" " + text.encode() + b"\r\n")
        return self.finish(tag)

    def append(self, folder, message):
        self.number += 1
        tag = b"a%d" % self.number
        self.send(tag + b" APPEND %s (\\Seen) {%d}\r\n"
                  % (folder.encode(), len(message)))
        if not self.line().startswith(b"+"):
            raise Failed("no continuation")
        self.send(message + b"\r\n")
        return self.finish(tag)


class Smtp(Lines):
    def __init__(self, port):
        super().__init__(port)
        self.reply()

    def reply(self):
        while (line := self.line())[3:4] == b"-":
            pass
        if line[:1] not in b"23":
            raise Failed(line.decode(errors="replace").strip())

    def command(self, text):
        self.send(text + "\r\n")
        self.reply()

    def login(self, user, password):
        secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.command("EHLO bench.example")
        self.command(f"AUTH PLAIN {secret}")

    def mail(self, sender, recipient, message):
        self.command(f"MAIL FROM:<{sender}>")
        self.command(f"RCPT TO:<{recipient}>")
        self.command("DATA")
        self.send(message + b"\r\n.\r\n")
        self.reply()
