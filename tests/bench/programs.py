"""What is measured, and before what: the gateway, DavMail, the simulated Exchange."""

import os
import socket
import subprocess
import time

USER = "bench@postern.example"
OTHER = "other@postern.example"
PASSWORD = "secret"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(process):
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Exchange:
    """The simulated Exchange, as a program of its own."""

    def __init__(self, program, count, latency, version):
        self.process = subprocess.Popen(
            [program, "--version", version, "--user", f"{USER}:{PASSWORD}",
             "--user", f"{OTHER}:{PASSWORD}", "--count", str(count),
             "--latency", str(latency), "--auth", "basic"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[1]

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def calls(self):
        """All calls, those that were refused for want of a login included."""
        return int(self.ask("calls"))

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Gateway:
    """A program that listens for IMAP, SMTP and LDAP."""

    def __init__(self, directory, url):
        self.directory = directory
        self.imap = free_port()
        self.smtp = free_port()
        self.ldap = free_port()
        log = open(os.path.join(directory, "log"), "wb")
        begin = time.monotonic()
        self.process = subprocess.Popen(self.command(url), stdout=log, stderr=log,
                                        stdin=subprocess.DEVNULL, cwd=directory)
        self.wait()
        self.start_seconds = time.monotonic() - begin

    def wait(self):
        for port in self.imap, self.smtp, self.ldap:
            while True:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.name} has ended: see {self.directory}")
                try:
                    socket.create_connection(("127.0.0.1", port), 5).close()
                    break
                except OSError:
                    time.sleep(0.005)

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self):
        """In megabytes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0

    def memory(self):
        """In megabytes: resident; its share of that, where pages of libraries are
        divided among all programs that have them; and what is nobody else's and
        cannot be read again from a file."""
        sums = {}
        with open(f"/proc/{self.process.pid}/smaps_rollup") as file:
            for line in file:
                name, value = line.split(":", 1)[0], line.split()[1]
                sums[name] = int(value) / 1024 if value.isdigit() else 0
        return sums["Rss"], sums["Pss"], sums["Anonymous"]

    def stop(self):
        stop(self.process)


class Postern(Gateway):
    name = "postern"
    program = "build/postern"

    def command(self, url):
        settings = self.write("postern.conf", f"""
[exchange]
url = {url}
[imap]
listen = 127.0.0.1:{self.imap}
[smtp]
listen = 127.0.0.1:{self.smtp}
[caldav]
listen =
[ldap]
listen = 127.0.0.1:{self.ldap}
[store]
path = {self.directory}/state
""")
        return [self.program, "run", "-c", settings]


class DavMail(Gateway):
    name = "davmail"
    program = "davmail"

    def command(self, url):
        settings = self.write("davmail.properties", f"""
davmail.server=true
davmail.mode=EWS
davmail.url={url}
davmail.bindAddress=127.0.0.1
davmail.allowRemote=false
davmail.imapPort={self.imap}
davmail.smtpPort={self.smtp}
davmail.popPort=
davmail.caldavPort=
davmail.ldapPort={self.ldap}
davmail.disableUpdateCheck=true
davmail.disableGuiNotifications=true
davmail.enableProxy=false
davmail.logFilePath={self.directory}/davmail.log
log4j.rootLogger=WARN
log4j.logger.davmail=WARN
""")
        return [self.program, "-server", settings]
