"""compress_client.py PORT [CA_FILE] - imaplib speaks DEFLATE with the gateway

With a file of certificates the port has TLS from the start.  Each step prints its
name once it went well; the first that does not ends the run.
"""
import imaplib
import ssl
import sys
import zlib

USER, PASSWORD = "ann@postern.example", "secret"


class Packed:
    """Stands between imaplib and its socket; both ways are one stream each."""

    def __init__(self, socket):
        self.socket = socket
        self.packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.unpacker = zlib.decompressobj(-15)
        self.ready = b""
        self.octets = 0

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("the gateway has hung up")
        self.octets += len(data)
        self.ready += self.unpacker.decompress(data)

    def read(self, size):
        while len(self.ready) < size:
            self.fill()
        data, self.ready = self.ready[:size], self.ready[size:]
        return data

    def readline(self):
        while b"\n" not in self.ready:
            self.fill()
        return self.read(self.ready.index(b"\n") + 1)

    def send(self, data):
        self.socket.sendall(self.packer.compress(data)
                            + self.packer.flush(zlib.Z_SYNC_FLUSH))


class Client:
    def __init__(self, port, ca_file):
        if ca_file is None:
            self.imap = imaplib.IMAP4("127.0.0.1", port)
        else:
            context = ssl.create_default_context(cafile=ca_file)
            context.check_hostname = False
            self.imap = imaplib.IMAP4_SSL("127.0.0.1", port,
                                          ssl_context=context)
        imaplib.Commands["COMPRESS"] = ("AUTH", "SELECTED")

    def say(self, name, *args):
        said, data = self.imap._simple_command(name, *args)
        assert said == "OK", (name, said, data)
        return data

    def start(self):
        assert "COMPRESS=DEFLATE" not in self.imap.capabilities
        self.imap.login(USER, PASSWORD)
        self.imap.capability()
        assert b"COMPRESS=DEFLATE" in self.imap.capability()[1][0]
        self.say("COMPRESS", "DEFLATE")
        self.packed = packed = Packed(self.imap.sock)
        self.imap.read = packed.read
        self.imap.readline = packed.readline
        self.imap.send = packed.send

    def refuses_a_second_layer(self):
        try:
            self.say("COMPRESS", "DEFLATE")
        except imaplib.IMAP4.error as error:
            assert "COMPRESSIONACTIVE" in str(error), error
        else:
            raise AssertionError("compressed twice")
        capabilities = self.imap.capability()[1][0].split()
        assert b"COMPRESS=DEFLATE" not in capabilities
        assert b"STARTTLS" not in capabilities

    def stores_and_reads_much(self):
        line = b"A line of about sixty characters, again and again and again\r\n"
        message = b"Subject: much\r\n\r\n" + line * 20000
        assert self.imap.append("Drafts", None, None, message)[0] == "OK"
        self.imap.select("Drafts")
        before = self.packed.octets
        data = self.imap.fetch("1", "(BODY.PEEK[])")[1]
        assert data[0][1] == message, len(data[0][1])
        assert (self.packed.octets - before) * 20 < len(message)

    def works_on_in_many_small_steps(self):
        self.imap.select("INBOX")
        for _ in range(100):
            assert len(self.imap.fetch("1:3", "(FLAGS UID)")[1]) == 3
        self.imap.logout()


def main():
    client = Client(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    for step in (client.start, client.refuses_a_second_layer,
                 client.stores_and_reads_much,
                 client.works_on_in_many_small_steps):
        step()
        print(step.__name__)
    print("done")


main()
