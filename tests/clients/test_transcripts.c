/*
 * test_transcripts.c - plays the conversations in tests/transcripts
 *
 * The name of a file begins with the door that it is for.  ANN's inbox has
 * three messages, "Number 1" to "Number 3".
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/script.h"

#define FOLDER "tests/transcripts"

static char *read_file(const char *name)
{
    char path[300];
    char *text = calloc(1, 1 << 20);

    snprintf(path, sizeof path, FOLDER "/%s", name);
    FILE *in = fopen(path, "re");
    cr_assert(in != NULL, "%s", path);
    cr_assert(fread(text, 1, (1 << 20) - 1, in) > 0, "%s", path);
    fclose(in);
    return text;
}

static uint16_t port_of(const struct harness *harness, const char *door)
{
    return strcmp(door, "smtp") == 0     ? harness->smtp
           : strcmp(door, "caldav") == 0 ? harness->caldav
                                         : harness->imap;
}

/* Plays the files of one door, each to a new daemon. */
static void play(const char *door)
{
    struct dirent **entries;
    int count = scandir(FOLDER, &entries, NULL, alphasort);
    int played = 0;

    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;

        if (strncmp(name, door, strlen(door)) == 0) {
            struct harness harness;
            char *script = read_file(name);

            harness_start(&harness, EXCHANGE_2016, NULL);
            harness_deliver_many(&harness, 3);
            struct link *link = link_open(port_of(&harness, door));
            script_play(&harness, link, script);
            link_close(&link);
            harness_stop(&harness);
            free(script);
            played++;
        }
        free(entries[i]);
    }
    free(entries);
    cr_expect(played > 0, "nothing in " FOLDER " for %s", door);
}

Test(transcripts, smtp, .timeout = SECONDS)
{
    play("smtp");
}

Test(transcripts, imap, .timeout = SECONDS)
{
    play("imap");
}

Test(transcripts, caldav, .timeout = SECONDS)
{
    play("caldav");
}
