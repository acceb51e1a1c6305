/*
 * vdirsyncer.c - vdirsyncer between the gateway and files of ANN's
 */
#include "tests/clients/vdirsyncer.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

static const char settings[] =
    "[general]\nstatus_path = \"~/status/\"\n"
    "[pair calendar]\na = \"calendar_mine\"\nb = \"calendar_theirs\"\n"
    "collections = [\"from b\"]\nmetadata = [\"displayname\"]\n"
    "conflict_resolution = \"%s\"\n"
    "[storage calendar_mine]\ntype = \"filesystem\"\n"
    "path = \"~/calendars/\"\nfileext = \".ics\"\n"
    "[storage calendar_theirs]\ntype = \"caldav\"\nurl = \"%s\"\n"
    "username = \"" ANN "\"\npassword = \"" PASSWORD "\"\nverify = \"%s\"\n"
    "[pair contacts]\na = \"contacts_mine\"\nb = \"contacts_theirs\"\n"
    "collections = [\"from b\"]\nconflict_resolution = \"%s\"\n"
    "[storage contacts_mine]\ntype = \"filesystem\"\n"
    "path = \"~/cards/\"\nfileext = \".vcf\"\n"
    "[storage contacts_theirs]\ntype = \"carddav\"\nurl = \"%s\"\n"
    "username = \"" ANN "\"\npassword = \"" PASSWORD "\"\nverify = \"%s\"\n";

/* All of its questions are whether it may make a folder of ours. */
static char *run(const struct harness *harness, const char *command)
{
    const char *args[] = { "vdirsyncer", "-c",    "config",
                           "-vDEBUG",    command, NULL };

    return program_succeed(harness, args, "y\ny\ny\ny\ny\ny\ny\ny\n");
}

void vdirsyncer_discover(const struct harness *harness, const char *path,
                         const char *conflicts)
{
    char url[128];

    snprintf(url, sizeof url, "https://localhost:%u%s", harness->caldavs, path);
    harness_write(harness, "config", settings, conflicts, url, harness->ca_file,
                  conflicts, url, harness->ca_file);
    free(run(harness, "discover"));
    free(run(harness, "metasync"));
}

char *vdirsyncer_sync(const struct harness *harness)
{
    return run(harness, "sync");
}
