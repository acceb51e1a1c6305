"""litmus_client.py PORT GROUP - runs a group of litmus against the gateway

litmus makes plain collections and puts plain files, and a calendar has neither.  So
it talks to a bridge here, which makes a calendar of each collection, and an event of
each file, whose description is what the file says; all else passes as it is.  As no
calendar is in another, what litmus calls litmus/a/b/ is litmus-a-b/ there.
"""
import base64
import http.client
import http.server
import re
import socket
import subprocess
import sys
import threading
import urllib.parse

ANN = "ann@postern.example"
PASSWORD = "secret"

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Tests//EN
BEGIN:VEVENT
UID:%s
DTSTAMP:20261101T080000Z
DTSTART:20261201T100000Z
DTEND:20261201T110000Z
SUMMARY:A file
DESCRIPTION:%s
END:VEVENT
END:VCALENDAR
"""

HOME = "/users/%s/" % ANN

HOP = ("connection", "content-length", "transfer-encoding", "host", "expect")


class Uids:
    """Each event keeps its UID wherever it goes."""

    def __init__(self):
        self.by_path = {}
        self.count = 0

    def of(self, path):
        if path not in self.by_path:
            self.count += 1
            self.by_path[path] = "file-%u" % self.count
        return self.by_path[path]

    def note(self, method, path, target):
        if method == "DELETE" or method == "MOVE":
            moved = {each: uid for each, uid in self.by_path.items()
                     if each == path or each.startswith(path.rstrip("/") + "/")}
            for each, uid in moved.items():
                del self.by_path[each]
                if target:
                    self.by_path[target + each[len(path):]] = uid


class Collections:
    """Those that are there, and what they are called at the gateway."""

    def __init__(self):
        self.made = {HOME + "litmus/"}

    def flat(self, path):
        above, name = re.fullmatch("(.*/)([^/]*)", path).groups()
        parent = re.sub("[^/]*/$", "", above)
        is_file = above.rstrip("/") in Bridge.uids.by_path
        if not is_file and (above in self.made or parent in self.made):
            below = above[len(HOME):].strip("/").replace("/", "-")
            return HOME + below + "/" + name
        return path

    def note(self, method, path, target):
        if method in ("DELETE", "MOVE"):
            self.made.discard(path)
        if method == "MKCALENDAR" and path.endswith("/"):
            self.made.add(path)
        if method == "MOVE" and target.endswith("/"):
            self.made.add(target)


def wrap(uid, data):
    event = EVENT % (uid, base64.b64encode(data).decode())
    return event.replace("\n", "\r\n").encode()


def unwrap(data):
    text = data.decode().replace("\r\n ", "")
    found = re.search(r"^DESCRIPTION:(\S+)\r$", text, re.M)
    return base64.b64decode(found.group(1)) if found else data


class Bridge(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gateway = 0
    uids = Uids()
    collections = Collections()

    def log_message(self, *args):
        pass

    def handle_expect_100(self):
        """Lets the gateway itself answer, and ends."""
        with socket.create_connection(("localhost", self.gateway)) as link:
            link.sendall(("%s\r\n%s\r\n" % (self.requestline,
                                            self.headers.as_string().strip()
                                            .replace("\n", "\r\n") + "\r\n"))
                         .encode())
            self.wfile.write(link.recv(65536))
        self.close_connection = True
        return False

    def exchange(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        method = self.command
        fields = {name: value for name, value in self.headers.items()
                  if name.lower() not in HOP}
        if method == "MKCOL" and not body:
            method = "MKCALENDAR"
        if method == "PUT":
            body = wrap(self.uids.of(self.path), body)
            fields["Content-Type"] = "text/calendar"
        target = urllib.parse.urlsplit(fields.get("Destination", ""))
        if target.path:
            fields["Destination"] = target._replace(
                path=self.collections.flat(target.path)).geturl()
        fields["X-Forwarded-Host"] = self.headers["Host"]
        link = http.client.HTTPConnection("localhost", self.gateway)
        link.request(method, self.collections.flat(self.path), body, fields)
        answer = link.getresponse()
        data = answer.read()
        if answer.status < 300:
            self.uids.note(method, self.path, target.path)
            self.collections.note(method, self.path, target.path)
        if method == "GET" and answer.status == 200:
            data = unwrap(data)
        self.give(answer, data)
        link.close()

    def give(self, answer, data):
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_OPTIONS = do_GET = do_HEAD = do_PUT = do_DELETE = exchange
    do_PROPFIND = do_PROPPATCH = do_MKCOL = do_COPY = do_MOVE = exchange


def main():
    Bridge.gateway = int(sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bridge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = "http://localhost:%u/users/%s/" % (server.server_port, ANN)
    subprocess.run(["/usr/libexec/litmus/" + sys.argv[2], "--htdocs",
                    "/usr/share/litmus/htdocs", url, ANN, PASSWORD],
                   check=False)
    print("done", flush=True)


main()
