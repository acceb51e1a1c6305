/*
 * test_resync_deaths.c - sudden deaths of the gateway amid much work
 *
 * A mail program sends commands without waiting, Exchange changes things as
 * well, another program idles, and the gateway is killed at any moment, ten
 * times or as often as POSTERN_DEATHS says.  Each time: what was confirmed is
 * done and nothing is lost or doubled; UIDs stay, HIGHESTMODSEQ never goes
 * back; and all views agree.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/clients/agree.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/mirror.h"
#include "tests/clients/offline.h"
#include "tests/clients/script.h"
#include "tests/clients/turmoil.h"

#define DEATHS 10
#define DEEDS 24
#define TARGET "Box 0"
#define SETTINGS "[exchange]\nfolder_interval = 0\n"

/* --- One command, and what may come of it --------------------------------- */

enum fate { APPENDED, FLAGGED, COPIED, MOVED, DELETED, FATES };

/* Each is about a message of its own. */
struct deed {
    enum fate fate;
    char id[64];
    size_t before; /* how often its message was there */
    bool confirmed;
};

/* How many more there are of the message afterwards. */
static const int gains[FATES] = { [APPENDED] = 1,
                                  [COPIED] = 1,
                                  [DELETED] = -1 };

static size_t count_of(const struct harness *harness, const char *id)
{
    return exchange_count_message_id(harness->exchange, ANN, NULL, id) +
           exchange_count_message_id(harness->exchange, ANN, TARGET, id);
}

/* The UID command for a message that is there. */
static void write_command(char *command, size_t size, int tag, enum fate fate,
                          uint32_t uid, int round)
{
    switch (fate) {
    case FLAGGED:
        snprintf(command, size, "a%d UID STORE %u +FLAGS (round%d)\r\n", tag,
                 uid, round);
        break;
    case COPIED:
        snprintf(command, size, "a%d UID COPY %u \"" TARGET "\"\r\n", tag, uid);
        break;
    case MOVED:
        snprintf(command, size, "a%d UID MOVE %u \"" TARGET "\"\r\n", tag, uid);
        break;
    default:
        snprintf(command, size,
                 "d%d UID STORE %u +FLAGS.SILENT (\\Deleted)\r\n"
                 "a%d UID EXPUNGE %u\r\n",
                 tag, uid, tag, uid);
    }
}

static void send_append(struct link *link, int tag, const char *id)
{
    char *text = harness_message("Death", id, "Its body\r\n");
    char *command;

    cr_assert(asprintf(&command, "a%d APPEND INBOX {%zu+}\r\n%s\r\n", tag,
                       strlen(text), text) > 0);
    link_send(link, command, strlen(command));
    free(command);
    free(text);
}

static void send_deed(struct harness *harness, struct link *link, int tag,
                      const struct mirror_message *message, int round,
                      struct deed *deed)
{
    char command[200];

    if (message == NULL) {
        *deed = (struct deed){ .fate = APPENDED };
        snprintf(deed->id, sizeof deed->id, "<death.%d.%d@x>", round, tag);
        send_append(link, tag, deed->id);
        return;
    }
    deed->fate = (enum fate)(FLAGGED + tag % (FATES - FLAGGED));
    snprintf(deed->id, sizeof deed->id, "%s", message->id);
    deed->before = count_of(harness, deed->id);
    write_command(command, sizeof command, tag, deed->fate, message->uid,
                  round);
    link_send(link, command, strlen(command));
}

/* --- What has come of it -------------------------------------------------- */

static void hear_confirmations(struct link *link, struct deed deeds[])
{
    char *line;

    while ((line = link_line(link, WAIT_SECONDS)) != NULL) {
        int tag = -1;

        if (sscanf(line, "a%d OK", &tag) == 1 && tag >= 0 && tag < DEEDS)
            deeds[tag].confirmed = strstr(line, " OK ") != NULL;
        free(line);
    }
}

static bool has_keyword(const struct harness *harness, const char *id,
                        const char *keyword)
{
    struct arena *arena = arena_new();
    char *list = exchange_list(harness->exchange, ANN, NULL);
    char **lines = str_split(arena, list, "\n");
    bool found = false;

    for (size_t i = 0; lines[i] != NULL; i++)
        found |= str_starts(lines[i], id) && strstr(lines[i], keyword) != NULL;
    free(list);
    arena_free(&arena);
    return found;
}

static void expect_fate(const struct harness *harness, const struct deed *deed,
                        int round)
{
    long gain = (long)count_of(harness, deed->id) - (long)deed->before;
    long expected = gains[deed->fate];
    char keyword[40];

    cr_expect(gain == expected || (!deed->confirmed && gain == 0),
              "fate %d of %s, %sconfirmed: %+ld", deed->fate, deed->id,
              deed->confirmed ? "" : "not ", gain);
    snprintf(keyword, sizeof keyword, " round%d", round);
    if (deed->fate == FLAGGED && deed->confirmed)
        cr_expect(has_keyword(harness, deed->id, keyword),
                  "%s has not got its keyword", deed->id);
}

/* --- A round -------------------------------------------------------------- */

struct trial {
    struct harness harness;
    struct turmoil turmoil; /* for its numbers */
    struct offline client;
    int round;
    unsigned confirmed; /* so many deeds were, before the deaths */
};

/* Delivers, so that the inbox never gets empty, and reads something. */
static void let_exchange_act(struct trial *trial)
{
    char id[64];

    for (int i = 0; i < 4; i++) {
        snprintf(id, sizeof id, "<given.%d.%d@x>", trial->round, i);
        char *text = harness_message("Given", id, "Its body\r\n");
        harness_deliver(&trial->harness, NULL, text);
        free(text);
    }
    exchange_mark_read(trial->harness.exchange, ANN, NULL,
                       turmoil_pick(&trial->turmoil, 20), true);
}

static void work_until_death(struct trial *trial, struct deed deeds[])
{
    struct link *link = script_imap_open(&trial->harness);
    const struct mirror *inbox = offline_find(&trial->client, "INBOX");
    size_t known = inbox->count;

    script_play(&trial->harness, link, "C: s SELECT INBOX\nS. s OK *\n");
    for (int i = 0; i < DEEDS; i++) {
        size_t nth = (size_t)i / 2;
        bool appends = i % 2 == 0 || nth >= known;

        send_deed(&trial->harness, link, i,
                  appends ? NULL : &inbox->messages[nth], trial->round,
                  &deeds[i]);
    }
    let_exchange_act(trial);
    usleep(turmoil_pick(&trial->turmoil, 250) * 1000);
    harness_daemon_kill(&trial->harness);
    hear_confirmations(link, deeds);
    link_close(&link);
    offline_die(&trial->client);
}

static char *compare(struct arena *arena, struct trial *trial)
{
    struct offline fresh;

    offline_init(&fresh, &trial->harness);
    offline_return(&fresh, RESYNC_IN_FULL);
    char *difference =
        agree_texts(arena, "client", offline_text(&trial->client, arena),
                    "new one", offline_text(&fresh, arena));
    if (difference == NULL)
        difference =
            agree_with_exchange(arena, &trial->harness, &trial->client);
    offline_fini(&fresh);
    return difference;
}

static void live_and_die(struct trial *trial)
{
    struct deed deeds[DEEDS] = { { .before = 0 } };
    struct arena *arena = arena_new();
    uint32_t validity = offline_find(&trial->client, "INBOX")->validity;

    offline_idle(&trial->client, "INBOX");
    work_until_death(trial, deeds);
    agree_index_is_sound(&trial->harness);
    for (int i = 0; i < DEEDS; i++) {
        expect_fate(&trial->harness, &deeds[i], trial->round);
        trial->confirmed += deeds[i].confirmed;
    }
    harness_daemon_start(&trial->harness);
    offline_return(&trial->client, RESYNC_QUICK);
    cr_expect_eq(offline_find(&trial->client, "INBOX")->validity, validity);
    char *difference = compare(arena, trial);
    cr_expect(difference == NULL, "round %d: %s", trial->round, difference);
    arena_free(&arena);
}

/* --- All of them ---------------------------------------------------------- */

static int death_count(void)
{
    const char *given = getenv("POSTERN_DEATHS");

    return given != NULL ? atoi(given) : DEATHS;
}

Test(resync_deaths, sudden_deaths_lose_and_double_nothing_and_views_agree,
     .timeout = SECONDS)
{
    struct trial trial = { .round = 0 };

    trial.turmoil.random = turmoil_seed("resync deaths") | 1;
    harness_start(&trial.harness, EXCHANGE_2016, SETTINGS);
    exchange_add_folder(trial.harness.exchange, ANN, TARGET);
    harness_deliver_many(&trial.harness, 60);
    exchange_set_latency(trial.harness.exchange, 3);
    offline_init(&trial.client, &trial.harness);
    offline_return(&trial.client, RESYNC_QUICK);
    while (trial.round++ < death_count())
        live_and_die(&trial);
    fprintf(stderr, "resync deaths: %u of %d deeds were confirmed\n",
            trial.confirmed, death_count() * DEEDS);
    offline_fini(&trial.client);
    harness_stop(&trial.harness);
}
