"""corpus_client.py URL LIST - exchangelib sees each event when its writer wants it

A line of LIST is "UID ZONE CLOCK SHAPE DAYS...": the first days of a rule, of which the
second is deleted and the third in the afternoon where the shape is "changed".
"""
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from exchangelib import (
    DELEGATE, Account, Configuration, Credentials, EWSDateTime, EWSTimeZone,
)

ANN = "ann@postern.example"
PASSWORD = "secret"
UTC = timezone.utc


def expected(line):
    uid, zone, clock, shape, *days = line.split()
    zone = {"utc": "UTC", "floating": "Europe/Berlin"}.get(shape, zone)
    times = []
    for number, day in enumerate(days):
        if shape == "changed" and len(days) > 1 and number == 1:
            continue
        moved = shape == "changed" and len(days) > 1 and number == 2
        when = datetime.strptime(day + ("163000" if moved else clock), "%Y%m%d%H%M%S")
        if not day.startswith("2024"):
            continue
        times.append(when.date() if shape == "days"
                     else when.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
    return uid, times


def main(url, path):
    account = Account(ANN, autodiscover=False, access_type=DELEGATE,
                      default_timezone=EWSTimeZone("Europe/Berlin"),
                      config=Configuration(service_endpoint=url,
                                           credentials=Credentials(ANN, PASSWORD)))
    zone = EWSTimeZone("UTC")
    found = {}
    for month in range(1, 13):
        start = EWSDateTime(2024, month, 1, tzinfo=zone)
        end = EWSDateTime(2024 + month // 12, month % 12 + 1, 1, tzinfo=zone)
        for item in account.calendar.view(start=start, end=end):
            when = (item.start if item.is_all_day
                    else datetime.fromtimestamp(item.start.timestamp(), UTC))
            found.setdefault(item.uid, set()).add(when)
    wrong = 0
    for line in open(path, encoding="utf-8"):
        uid, times = expected(line)
        seen = sorted(found.get(uid, ()))[:len(times)]
        if seen != times:
            wrong += 1
            print("wrong:", line.strip(), [str(one) for one in seen])
    if wrong == 0:
        print("\ndone")


main(*sys.argv[1:])
