/*
 * test_qresync_random.c - a client that comes and goes while others are at work
 *
 * It knows what it was told, by the rules of RFC 7162, section 6, and no more:
 * the line may break after any command.  When it has come back it must know
 * what a client knows that begins from nothing.  $POSTERN_SEED
 * takes another seed.
 */
#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/client.h"

#define ANN "ann@example.com"
#define MAX 4000

/* What a client knows of the inbox. */
struct model {
    uint64_t validity;
    uint64_t modseq;
    uint32_t uids[MAX]; /* by number; 0 where only EXISTS has told of it */
    char *flags[MAX];
    size_t count;
    uint64_t seen; /* the greatest MODSEQ during the command */
    uint64_t said; /* HIGHESTMODSEQ during the command; 0: none */
};

static struct imap_world *world;
static struct imap_client *others[2];
static struct model model;
static unsigned seed;

static unsigned any(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

static void forget(size_t index)
{
    free(model.flags[index]);
    model.count--;
    memmove(&model.uids[index], &model.uids[index + 1],
            (model.count - index) * sizeof *model.uids);
    memmove(&model.flags[index], &model.flags[index + 1],
            (model.count - index) * sizeof *model.flags);
    model.flags[model.count] = NULL;
}

static size_t find(uint32_t uid)
{
    size_t i = 0;

    while (i < model.count && model.uids[i] != uid)
        i++;
    return i;
}

/* One of those whose UIDs are not known, where this UID would be. */
static size_t find_unknown(uint32_t uid)
{
    size_t place = 0;

    for (size_t i = 0; i < model.count; i++)
        if (model.uids[i] != 0 && model.uids[i] < uid)
            place = i + 1;
    while (place < model.count && model.uids[place] != 0)
        place++;
    return place;
}

/* --- Hearing ------------------------------------------------------------- */

/* A message that goes must be there: by its UID, or as one of those whose UIDs
 * are not known yet.  What went earlier may be gone already. */
static void hear_vanished(const char *set, bool earlier)
{
    while (*set >= '0' && *set <= '9') {
        char *end;
        uint32_t first = (uint32_t)strtoul(set, &end, 10), last = first;

        if (*end == ':')
            last = (uint32_t)strtoul(end + 1, &end, 10);
        for (uint32_t uid = first; uid <= last; uid++) {
            size_t index = find(uid);

            if (index == model.count && !earlier)
                index = find_unknown(uid);
            if (index < model.count)
                forget(index);
            else
                cr_assert(earlier, "VANISHED names %u, which was not there",
                          uid);
        }
        set = *end == ',' ? end + 1 : end;
    }
}

/* Who is the first to hear of a message is no part of what it is. */
static char *without_recent(char *text)
{
    static const char *const forms[] = { " \\Recent", "\\Recent ", "\\Recent" };

    for (size_t i = 0; i < 3; i++)
        for (char *at = text; (at = strstr(at, forms[i])) != NULL;)
            memmove(at, at + strlen(forms[i]),
                    strlen(at + strlen(forms[i])) + 1);
    return text;
}

static void hear_fetch(size_t number, const char *line)
{
    const char *flags = strstr(line, "FLAGS (");
    uint32_t uid = (uint32_t)imap_number_after(line, "UID ");
    uint64_t modseq = imap_number_after(line, "MODSEQ (");

    cr_assert(number >= 1 && number <= model.count, "%s", line);
    cr_assert_neq(uid, 0, "%s", line);
    cr_assert(model.uids[number - 1] == 0 || model.uids[number - 1] == uid,
              "number %zu is UID %u: %s", number, model.uids[number - 1], line);
    model.uids[number - 1] = uid;
    if (modseq > model.seen)
        model.seen = modseq;
    if (flags == NULL)
        return;
    free(model.flags[number - 1]);
    model.flags[number - 1] = without_recent(
        strndup(flags + 7, (size_t)(strchr(flags, ')') - flags - 7)));
}

static void hear_line(const char *line)
{
    size_t number;
    int at = 0;

    if (strncmp(line, "* VANISHED (EARLIER) ", 21) == 0)
        hear_vanished(line + 21, true);
    else if (strncmp(line, "* VANISHED ", 11) == 0)
        hear_vanished(line + 11, false);
    else if (sscanf(line, "* %zu FETCH %n", &number, &at) == 1 && at > 0)
        hear_fetch(number, line);
    else if (sscanf(line, "* %zu EXISTS%n", &number, &at) == 1 && at > 0) {
        cr_assert(number >= model.count && number < MAX, "%s", line);
        while (model.count < number) {
            model.uids[model.count] = 0;
            model.flags[model.count++] = NULL;
        }
    } else if (strstr(line, "[HIGHESTMODSEQ ") != NULL)
        model.said = imap_number_after(line, "[HIGHESTMODSEQ ");
    cr_assert_eq(strstr(line, " EXPUNGE\n"), NULL);
}

/* Hears an answer and takes over the sequence as section 6 says. */
static void hear(const char *heard)
{
    char line[20000];

    model.seen = model.said = 0;
    while (*heard != '\0') {
        size_t len = strcspn(heard, "\n") + 1;

        cr_assert_lt(len, sizeof line);
        memcpy(line, heard, len);
        line[len] = '\0';
        hear_line(line);
        heard += len;
    }
    if (model.said != 0)
        model.modseq = model.said;
    else if (model.seen > model.modseq)
        model.modseq = model.seen;
}

/* --- Doing --------------------------------------------------------------- */

static size_t messages(void)
{
    return exchange_count(imap_world_exchange(world), ANN, NULL);
}

/* Something that others do: two clients, or other programs at Exchange. */
static void let_others_act(void)
{
    struct imap_client *one = others[any(2)];
    struct exchange *exchange = imap_world_exchange(world);
    static const char *const flags[] = { "\\Seen", "\\Flagged", "\\Answered",
                                         "Blue", "$Forwarded" };
    unsigned n = messages() > 0 ? any((unsigned)messages()) + 1 : 0;

    switch (any(9)) {
    case 0:
    case 1:
        imap_world_add(world, NULL, "new");
        break;
    case 2:
        if (n > 0)
            exchange_remove(exchange, ANN, NULL, n - 1);
        break;
    case 3:
        if (n > 0)
            exchange_mark_read(exchange, ANN, NULL, n - 1, any(2));
        break;
    case 4:
        imap_client_say(one,
                        "o NOOP\no STORE %u +FLAGS.SILENT (\\Deleted)\n"
                        "o EXPUNGE\n",
                        n);
        break;
    case 5:
        imap_client_say(one, "o UID MOVE %u Box\n", any(300) + 1);
        break;
    case 6:
        imap_client_say(one, "o COPY %u INBOX\n", n);
        break;
    default:
        imap_client_say(one, "o STORE %u %cFLAGS (%s)\n", n, any(2) ? '+' : '-',
                        flags[any(5)]);
    }
}

/* What is in the inbox, as a client sees it that begins from nothing. */
static char *look_afresh(struct imap_client *client)
{
    return without_recent(
        memory_strdup(imap_client_say(client, "f UID FETCH 1:* (FLAGS)\n")));
}

static char *describe_model(void)
{
    char *text = memory_new(MAX * 200);
    size_t len = 0;

    for (size_t i = 0; i < model.count; i++)
        len += (size_t)sprintf(text + len, "* %zu FETCH (UID %u FLAGS (%s))\n",
                               i + 1, model.uids[i],
                               model.flags[i] != NULL ? model.flags[i] : "?");
    sprintf(text + len, "f OK UID FETCH completed\n");
    return text;
}

/* The parameters of SELECT, with some things that may be left out. */
static const char *parameters(char *text)
{
    size_t len = (size_t)sprintf(text, " (QRESYNC (%" PRIu64 " %" PRIu64,
                                 model.validity, model.modseq);

    if (model.count > 0 && any(2) == 0)
        len +=
            (size_t)sprintf(text + len, " 1:%u", model.uids[model.count - 1]);
    if (model.count > 3 && any(2) == 0) {
        size_t n = any((unsigned)model.count / 2) + 1, m = model.count;

        len += (size_t)sprintf(text + len, " (%zu,%zu %u,%u)", n, m,
                               model.uids[n - 1], model.uids[m - 1]);
    }
    sprintf(text + len, "))");
    return text;
}

/* Comes back: what it knew is brought up to date, then it learns what is new.
 * The numbers of SELECT's answer count what it does not know yet. */
static void come_back(struct imap_client *client)
{
    char text[300];
    uint32_t last = model.count > 0 ? model.uids[model.count - 1] : 0;
    struct model known = model;
    const char *heard =
        imap_client_say(client, "e ENABLE QRESYNC\ns EXAMINE INBOX%s\n",
                        model.validity != 0 ? parameters(text) : "");

    model.validity = imap_number_after(heard, "[UIDVALIDITY ");
    cr_assert(known.validity == 0 || known.validity == model.validity);
    const char *vanished = strstr(heard, "* VANISHED (EARLIER) ");
    if (vanished != NULL)
        hear_vanished(vanished + 21, true);
    heard = memory_strdup(heard);
    hear(heard);
    cr_assert_eq(model.said, imap_number_after(heard, "[HIGHESTMODSEQ "));
    free((void *)heard);
    hear(imap_client_say(client, "n UID FETCH %u:* (FLAGS)\n", last + 1));
    cr_assert_eq(find(0), model.count, "every UID is known");
}

/* Is there for a while, changes something now and then, and is cut off. */
static void stay(struct imap_client *client)
{
    for (unsigned i = any(12); i > 0; i--) {
        for (unsigned k = any(4); k > 0; k--)
            let_others_act();
        switch (any(5)) {
        case 0:
            hear(imap_client_say(client, "a FETCH 1:* (UID FLAGS MODSEQ)\n"));
            break;
        case 1:
            hear(imap_client_say(client, "a UID FETCH 1:* (FLAGS MODSEQ)\n"));
            break;
        case 2:
            hear(imap_client_say(client, "a FETCH 1 (UID MODSEQ)\n"));
            break;
        default:
            hear(imap_client_say(client, "a NOOP\n"));
        }
    }
    /* From the first one on whose UID it has not learnt it asks again. */
    while (find(0) < model.count)
        forget(model.count - 1);
}

static void compare(void)
{
    struct imap_client *fresh = imap_client_ann(world);
    imap_client_say(fresh, "s EXAMINE INBOX\n");
    char *right = look_afresh(fresh), *known = describe_model();

    if (getenv("POSTERN_DUMP") && strcmp(known, right) != 0)
        fprintf(stderr, "--- known\n%s--- right\n%s", known, right);
    cr_assert_str_eq(known, right, "seed %u", seed);
    free(right);
    free(known);
    imap_client_free(&fresh);
}

static void run(const char *tombstones)
{
    const char *given = getenv("POSTERN_SEED");

    seed = (unsigned)strtoul(given != NULL ? given : "20261122", NULL, 10);
    world = imap_world_new_with("store.tombstones", tombstones);
    for (int i = 0; i < 20; i++)
        imap_world_add(world, NULL, "a message");
    for (size_t i = 0; i < 2; i++) {
        others[i] = imap_client_ann(world);
        imap_client_say(others[i], "c CREATE Box\ns SELECT INBOX\n");
    }
    for (int round = 0; round < 25; round++) {
        struct imap_client *client = imap_client_ann(world);

        for (unsigned k = any(30); k > 0; k--)
            let_others_act();
        come_back(client);
        compare();
        stay(client);
        imap_client_free(&client);
    }
    while (model.count > 0)
        forget(0);
    for (size_t i = 0; i < 2; i++)
        imap_client_free(&others[i]);
    imap_world_free(&world);
}

Test(imap_qresync_random, brings_a_client_back_into_step)
{
    run("20000");
}

Test(imap_qresync_random, brings_it_back_where_the_gone_are_forgotten)
{
    run("3");
}
