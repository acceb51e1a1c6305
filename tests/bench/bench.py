#!/usr/bin/env python3
"""bench.py - what a client's wishes cost: postern and DavMail side by side

    bench.py [--count 1000] [--touched 100] [--latency 0,50] [--only postern]

For each wish: calls to Exchange, seconds, CPU seconds and resident memory of the
gateway, measured in one run before the same simulated Exchange.  Calls are exact on
any machine; the rest compares only within a run.
"""

import argparse
import collections
import os
import re
import shutil
import tempfile
import time

import ldap3

from client import Failed, Imap, Smtp
from programs import OTHER, PASSWORD, USER, DavMail, Exchange, Postern

Cost = collections.namedtuple("Cost", "calls seconds cpu memory note")

MESSAGE = (b"From: Bench <%s>\r\nTo: <%s>\r\nSubject: A message of the bench\r\n"
           b"Message-ID: <bench.%%d@postern.example>\r\nMIME-Version: 1.0\r\n"
           b"Content-Type: text/plain\r\n\r\n" % (USER.encode(), OTHER.encode())
           + b"A line of about sixty characters, again and again and again.\r\n" * 100)


SESSIONS = 150

# People in the directory, and what is typed to find one of them.
PEOPLE = 2000
TYPED = "smi", "smit", "smith"

# Seconds until a gateway without anything to do has come to rest.
REST = 10

# Seconds: before the message comes, so that the watch stands; and how long to wait.
IDLE_BEFORE = 3
IDLE_PATIENCE = 30


def code(responses, name):
    """The number of a response code; 0 where there is none."""
    for response in responses:
        if match := re.search(rb"\[" + name + rb" (\d+)\]", response):
            return int(match.group(1))
    return 0


class Bench:
    """One gateway before one Exchange: runs wishes and notes what they cost."""

    def __init__(self, gateway, exchange, options):
        self.gateway = gateway
        self.exchange = exchange
        self.touched = options.touched
        self.number = 0
        self.costs = {}

    def measure(self, wish, run):
        self.exchange.ask("reset")
        cpu, begin, note = self.gateway.cpu(), time.monotonic(), ""
        try:
            run()
        except (Failed, OSError) as problem:
            note = str(problem)
        seconds = time.monotonic() - begin
        self.costs[wish] = Cost(self.exchange.calls(), seconds,
                                self.gateway.cpu() - cpu, self.gateway.resident(),
                                note)

    # --- Wishes ---------------------------------------------------------------------

    def login(self):
        self.imap = Imap(self.gateway.imap)
        self.imap.command(f'LOGIN {USER} "{PASSWORD}"')

    def imap_command(self, text, least=0):
        responses = self.imap.command(text)
        if len(responses) < least:
            raise Failed(f"{len(responses)} responses instead of {least}")

    def sessions(self):
        """Many clients with the same folder open: what each takes more."""
        begin = self.gateway.resident()
        clients = []
        for _ in range(SESSIONS):
            self.login()
            clients.append(self.imap)
        for client in clients:
            client.command("SELECT INBOX")
            client.command("FETCH 1:100 (UID FLAGS)")
        kilobytes = (self.gateway.resident() - begin) * 1024 / SESSIONS
        for client in clients:
            client.close()
        print(f"{self.gateway.name}: {kilobytes:.1f} KB for each of "
              f"{SESSIONS} sessions with a folder open")

    def rest(self, after):
        """What is in memory while nobody wants anything."""
        time.sleep(REST)
        print("{}: idle after {} it has {:.1f} MB resident, {:.1f} MB of them as its "
              "share, {:.1f} MB its own".format(self.gateway.name, after,
                                               *self.gateway.memory()))

    def others_change(self, touched):
        """Another client changes flags and deletes; returns what a third one knew."""
        before = self.imap.command("SELECT INBOX")
        validity, modseq = (code(before, name) for name in
                            (b"UIDVALIDITY", b"HIGHESTMODSEQ"))
        other = Imap(self.gateway.imap)
        other.command(f'LOGIN {USER} "{PASSWORD}"')
        other.command("SELECT INBOX")
        half = touched // 2
        other.command(f"STORE 1:{half} +FLAGS.SILENT (\\Answered)")
        other.command(f"STORE {half + 1}:{touched} +FLAGS.SILENT (\\Deleted)")
        other.command("EXPUNGE")
        other.close()
        return validity, modseq

    def resynchronise(self, known):
        """What a client that was away asks: by QRESYNC, or all flags where there is
        none."""
        if b"QRESYNC" in b" ".join(self.imap.command("CAPABILITY")):
            self.imap.command("ENABLE QRESYNC")
            self.imap_command("SELECT INBOX (QRESYNC (%d %d))" % known,
                              self.touched // 2)
        else:
            self.imap.command("SELECT INBOX")
            self.imap.command("FETCH 1:* (UID FLAGS)")

    def idle(self):
        """A message comes while a client idles: until it is told."""
        self.imap.command("SELECT INBOX")
        self.imap.send("i IDLE\r\n")
        self.imap.socket.settimeout(IDLE_PATIENCE)
        while not (line := self.imap.line()).startswith(b"+"):
            if line.startswith(b"i "):
                raise Failed(line.decode(errors="replace").strip())
        time.sleep(IDLE_BEFORE)
        begin = time.monotonic()
        self.exchange.ask(f"fill {USER} 1")
        while not self.imap.line().endswith(b" EXISTS\r\n"):
            if time.monotonic() > begin + IDLE_PATIENCE:
                raise Failed(f"no news in {IDLE_PATIENCE} s")
        print(f"{self.gateway.name}: a client that idles hears of a message after "
              f"{time.monotonic() - begin:.2f} s")
        self.imap.send("DONE\r\n")
        self.imap.finish(b"i")

    def message(self):
        self.number += 1
        return MESSAGE % self.number

    def send(self):
        smtp = Smtp(self.gateway.smtp)
        smtp.login(USER, PASSWORD)
        smtp.mail(USER, OTHER, self.message())
        smtp.close()

    def complete(self, letters):
        """What Thunderbird asks at one more letter, over a connection of its own."""
        server = ldap3.Server("127.0.0.1", port=self.gateway.ldap, get_info=ldap3.NONE)
        with ldap3.Connection(server, USER, PASSWORD) as connection:
            connection.search(
                "ou=people", f"(|(mail=*{letters}*)(cn=*{letters}*)"
                f"(givenName=*{letters}*)(sn=*{letters}*))",
                attributes=["cn", "mail"], size_limit=100)
            if not connection.entries:
                raise Failed(str(connection.result))

    def run(self):
        m = self.touched
        first, second = f"1:{m}", f"{m + 1}:{2 * m}"
        header = "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM TO DATE REFERENCES)]"

        def command(wish, text, least=0):
            self.measure(wish, lambda: self.imap_command(text, least))

        self.rest("the start")
        self.measure("login, the first", self.login)
        command("create a folder", "CREATE Target")
        command("SELECT, cold", "SELECT INBOX")
        self.measure("login, a later one", self.login)
        command("SELECT, warm", "SELECT INBOX")
        self.imap.close()
        self.login()
        command("SELECT, after all had left", "SELECT INBOX")
        command("STATUS of a folder", "STATUS Target (MESSAGES UNSEEN UIDNEXT)")
        command("FETCH flags of all", "FETCH 1:* (UID FLAGS)", 2 * m)
        command(f"FETCH headers of {m}", f"FETCH {first} (UID ENVELOPE {header})", m)
        command(f"FETCH structures of {m}",
                f"FETCH {first} (UID BODYSTRUCTURE RFC822.SIZE)", m)
        command(f"FETCH bodies of {m}", f"FETCH {first} (UID BODY.PEEK[])", m)
        command(f"FETCH bodies of {m}, again", f"FETCH {first} (UID BODY.PEEK[])", m)
        command("SEARCH a text in bodies", "SEARCH BODY zebra")
        command("SORT by subject, cold", "SORT (SUBJECT) UTF-8 ALL", 1)
        command("SORT by sender and date", "SORT (FROM REVERSE DATE) UTF-8 ALL", 1)
        command("THREAD by references", "THREAD REFERENCES UTF-8 ALL", 1)
        command("SEARCH subjects", "SEARCH SUBJECT zebra")
        command("SEARCH subjects or senders", "SEARCH OR SUBJECT zebra NOT FROM nobody")
        # Some hang up after what they cannot search for.
        self.measure("login, once more", self.login)
        self.measure("SELECT, once more", lambda: self.imap_command("SELECT INBOX"))
        command(f"STORE a flag on {m}", f"STORE {first} +FLAGS (\\Flagged)", m)
        command(f"COPY {m}", f"COPY {first} Target")
        command(f"MOVE {m}", f"MOVE {second} Target")
        command(f"STORE \\Deleted on {m}", f"STORE {first} +FLAGS.SILENT (\\Deleted)")
        command(f"EXPUNGE {m}", "EXPUNGE", m)
        self.measure("login, once more", self.login)
        known = self.others_change(m)
        self.measure("login, once more", self.login)
        self.measure(f"resynchronise after {m}", lambda: self.resynchronise(known))
        self.measure("login, once more", self.login)
        self.measure("APPEND", lambda: self.imap.append("Target", self.message()))
        self.measure("send, the first", self.send)
        self.measure("send, a later one", self.send)
        self.measure("IDLE until a message", self.idle)
        self.imap.close()
        self.exchange.ask(f"people {PEOPLE}")
        for letters in TYPED:
            self.measure(f'complete "{letters}"', lambda: self.complete(letters))
        self.rest("work")
        self.measure(f"{SESSIONS} sessions", self.sessions)
        return self.costs


# --- Showing ------------------------------------------------------------------------

def cells(cost):
    if cost is None:
        return ["", "", "", ""]
    mark = "!" if cost.note else ""
    return [f"{cost.calls}{mark}", f"{cost.seconds:.2f}", f"{cost.cpu:.2f}",
            f"{cost.memory:.0f}"]


def show(latency, count, results):
    """`results`: a gateway's name, the seconds until it listened, and its costs."""
    wishes = list(results[0][2])
    titles = ("calls", "seconds", "CPU s", "MB")
    print(f"\nExchange {latency} ms away, {count} messages in the folder\n")
    print(" " * 30 + "".join(f"{name + f' (listens after {start:.2f} s)':^34}"
                             for name, start, _ in results))
    print(" " * 30 + "".join("".join(f"{title:>8}" for title in titles) + "  "
                             for _ in results))
    for wish in wishes:
        row = f"{wish:<30}"
        for _, _, costs in results:
            row += "".join(f"{cell:>8}" for cell in cells(costs.get(wish))) + "  "
        print(row.rstrip())
    for name, _, costs in results:
        for wish, cost in costs.items():
            if cost.note:
                print(f"! {name}, {wish}: {cost.note[:90]}")


def run_one(kind, latency, options):
    directory = tempfile.mkdtemp(prefix="postern-bench-")
    exchange = Exchange(options.exchange, options.count, latency, options.version)
    try:
        gateway = kind(directory, exchange.url)
        try:
            costs = Bench(gateway, exchange, options).run()
            return gateway.name, gateway.start_seconds, costs
        finally:
            gateway.stop()
    finally:
        exchange.stop()
        if not options.keep:
            shutil.rmtree(directory)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--touched", type=int, default=100)
    parser.add_argument("--latency", default="0,50")
    parser.add_argument("--version", default="2016")
    parser.add_argument("--only", choices=["postern", "davmail"])
    parser.add_argument("--postern", default="build/postern")
    parser.add_argument("--exchange", default="build/exchange")
    parser.add_argument("--keep", action="store_true", help="the directories")
    options = parser.parse_args()

    Postern.program = os.path.abspath(options.postern)
    kinds = [kind for kind in (Postern, DavMail)
             if options.only in (None, kind.name) and shutil.which(kind.program)]
    for latency in options.latency.split(","):
        show(latency, options.count,
             [run_one(kind, latency, options) for kind in kinds])


if __name__ == "__main__":
    main()
