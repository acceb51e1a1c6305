/*
 * services_random.c - a random life of a mailbox against what a client may
 * expect
 *
 * Exchange, another client of it and we change two folders at random; the
 * gateway is restarted, sync states expire, ids change.  Some observers look
 * now and then, as clients with CONDSTORE and QRESYNC do: from what is told to
 * have changed and left since their last look they must get from their old list
 * to the new one.  $POSTERN_SEED takes another seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/format/mime_summary.h"
#include "tests/proxy/exchange/services.h"

#define OPERATIONS 2000
#define OBSERVERS 4
#define FOLDERS 2
#define MESSAGES_MAX 60

static const char *const folders[FOLDERS] = { NULL, "Drafts" };
static const char *const names[FOLDERS] = { "INBOX", "Drafts" };

/* A client's list of a folder. */
struct seen {
    uint32_t uid;
    uint32_t flags;
};

struct observer {
    struct seen *seen;
    size_t count;
    uint64_t modseq;
    uint32_t uid_validity;
};

struct life {
    struct services services;
    int64_t ids[FOLDERS];
    unsigned state; /* of the random numbers */
    unsigned serial;
    uint64_t modseq[FOLDERS]; /* the highest told so far */
    struct observer observers[FOLDERS][OBSERVERS];
    char *owners[FOLDERS][20000]; /* whose UID that was once */
};

static unsigned roll(struct life *life, unsigned sides)
{
    life->state = life->state * 1103515245u + 12345u;
    return (life->state >> 16) % sides;
}

/* --- What happens -------------------------------------------------------- */

static size_t any(struct life *life, const char *folder)
{
    size_t count = exchange_count(life->services.exchange, ANN, folder);

    return count == 0 ? 0 : roll(life, (unsigned)count);
}

static void others_act(struct life *life)
{
    static const char *const red[] = { "red", NULL };
    static const char *const none[] = { NULL };
    struct exchange *exchange = life->services.exchange;
    unsigned f = roll(life, FOLDERS);
    const char *folder = folders[f];

    if (exchange_count(exchange, ANN, folder) == 0)
        return;
    size_t nth = any(life, folder);
    switch (roll(life, 6)) {
    case 0:
        exchange_mark_read(exchange, ANN, folder, nth, roll(life, 2));
        break;
    case 1:
        exchange_flag(exchange, ANN, folder, nth, roll(life, 2));
        break;
    case 2:
        exchange_categorize(exchange, ANN, folder, nth,
                            roll(life, 2) ? red : none);
        break;
    case 3:
        exchange_remove(exchange, ANN, folder, nth);
        break;
    case 4:
        exchange_move(exchange, ANN, folder, nth, folders[1 - f]);
        break;
    default:
        break;
    }
}

static void deliver(struct life *life)
{
    const char *folder = folders[roll(life, FOLDERS)];

    if (exchange_count(life->services.exchange, ANN, folder) < MESSAGES_MAX)
        services_deliver(
            &life->services, folder,
            arena_printf(life->services.arena, "n%u", life->serial++));
}

/* Some of the folder's UIDs as last known to the gateway. */
static size_t choose(struct life *life, unsigned f, uint32_t uids[8])
{
    struct mail_view *view = NULL;
    size_t count = 0;

    if (mail_look(&life->services.op, life->services.account, life->ids[f],
                  &view) != STATUS_OK)
        return 0;
    for (size_t i = 0; i < mail_view_count(view) && count < 8; i++)
        if (roll(life, 10) == 0)
            uids[count++] = mail_view_at(view, i)->uid;
    mail_view_unref(&view);
    return count;
}

static void change_flags(struct life *life, unsigned f, const uint32_t uids[],
                         size_t count)
{
    static const char *const blue[] = { "blue", NULL };
    struct mail_flag_change change = {
        .change = (enum mail_change)roll(life, 3),
        .flags = roll(life, 2) ? MAIL_SEEN : MAIL_FLAGGED | MAIL_ANSWERED,
        .categories = roll(life, 3) == 0 ? blue : NULL,
        .conditional = roll(life, 2),
        .unchanged_since = life->modseq[f],
    };
    struct mail_result results[8];

    mail_change_flags(&life->services.op, life->services.account, life->ids[f],
                      uids, count, &change, results);
}

static void we_act(struct life *life)
{
    unsigned f = roll(life, FOLDERS);
    uint32_t uids[8];
    size_t count = choose(life, f, uids);
    struct mail_result results[8];
    struct services *s = &life->services;
    bool room = exchange_count(s->exchange, ANN, folders[1 - f]) < MESSAGES_MAX;

    switch (roll(life, 6)) {
    case 0:
        if (count > 0 && room)
            mail_copy(&s->op, s->account, life->ids[f], uids, count,
                      life->ids[1 - f], results);
        break;
    case 1:
        mail_move(&s->op, s->account, life->ids[f], uids, count,
                  life->ids[1 - f], results);
        break;
    case 2:
        mail_delete(&s->op, s->account, life->ids[f], uids, count, results);
        break;
    case 3:
        if (room)
            services_append(
                s, life->ids[1 - f],
                services_mime(s, arena_printf(s->arena, "n%u", life->serial++)),
                roll(life, 2) ? MAIL_SEEN : 0, uids);
        break;
    default:
        change_flags(life, f, uids, count);
    }
}

static void fate_strikes(struct life *life)
{
    struct services *s = &life->services;

    switch (roll(life, 4)) {
    case 0:
        services_restart(s);
        break;
    case 1:
        exchange_invalidate_sync(s->exchange, ANN);
        break;
    case 2:
        exchange_change_ids(s->exchange, ANN);
        exchange_invalidate_sync(s->exchange, ANN);
        break;
    default:
        services_fault(s, NULL, FAULT_RESET_AFTER, 1);
    }
}

/* --- What has to hold ---------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *sorted(struct arena *arena, char **lines, size_t count)
{
    struct buf text;

    buf_init(&text, arena);
    buf_puts(&text, "");
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s\n", lines[i]);
    return text.data;
}

struct names {
    struct life *life;
    unsigned folder;
    const struct mail_view *view;
    char **lines;
    size_t count;
};

static bool note_name(void *context, uint32_t uid, enum status status,
                      const struct mime_summary *summary)
{
    struct names *all = context;
    struct life *life = all->life;

    cr_assert_eq(status, STATUS_OK, "UID %u: %s", uid, status_name(status));
    char **owner = &life->owners[all->folder][uid];
    if (*owner == NULL)
        *owner = memory_strdup(summary->message_id);
    cr_assert_str_eq(*owner, summary->message_id, "UID %u was another's", uid);
    const struct mail_entry *entry = mail_view_find(all->view, uid);
    all->lines[all->count++] =
        arena_printf(life->services.arena, "<%s>%s%s", summary->message_id,
                     entry->flags & MAIL_SEEN ? " seen" : "",
                     entry->flags & MAIL_FLAGGED ? " flagged" : "");
    return true;
}

/* What Exchange has, in the same words. */
static const char *at_exchange(struct life *life, unsigned f)
{
    struct arena *arena = life->services.arena;
    char *list = exchange_list(life->services.exchange, ANN, folders[f]);
    char **lines = str_split(arena, list, "\n");
    size_t count = 0;

    for (; lines[count] != NULL && *lines[count] != '\0'; count++) {
        char *line = lines[count], *end = strchrnul(line, '>');
        bool seen = strstr(end, " seen") != NULL;
        bool flagged = strstr(end, " flagged") != NULL;
        lines[count] =
            arena_printf(arena, "%.*s>%s%s", (int)(end - line), line,
                         seen ? " seen" : "", flagged ? " flagged" : "");
    }
    free(list);
    return sorted(arena, lines, count);
}

static void compare_with_exchange(struct life *life, unsigned f,
                                  const struct mail_view *view)
{
    struct services *s = &life->services;
    size_t count = mail_view_count(view);
    uint32_t *uids = arena_array(s->arena, count + 1, sizeof *uids);
    struct names all = { .life = life,
                         .folder = f,
                         .view = view,
                         .lines = arena_array(s->arena, count + 1,
                                              sizeof *all.lines) };

    for (size_t i = 0; i < count; i++)
        uids[i] = mail_view_at(view, i)->uid;
    cr_assert_eq(mail_summarize(&s->op, s->account, life->ids[f], uids, count,
                                note_name, &all),
                 STATUS_OK);
    const char *ours = sorted(s->arena, all.lines, all.count);
    cr_assert_str_eq(ours, at_exchange(life, f), "%s: we have\n%sExchange\n%s",
                     names[f], ours, at_exchange(life, f));
}

static bool contains(const uint32_t uids[], size_t count, uint32_t uid)
{
    for (size_t i = 0; i < count; i++)
        if (uids[i] == uid)
            return true;
    return false;
}

/* From the old list, what has left and what has a later modseq comes the new
 * one. */
static void catch_up(struct life *life, unsigned f, struct observer *observer,
                     const struct mail_view *view)
{
    struct services *s = &life->services;
    uint32_t *gone;
    size_t gone_count;
    bool complete;

    cr_assert_eq(mail_vanished(&s->op, s->account, life->ids[f],
                               observer->modseq, &gone, &gone_count, &complete),
                 STATUS_OK);
    for (size_t i = 0; i < gone_count; i++) {
        cr_expect_null(mail_view_find(view, gone[i]), "gone and here");
        cr_expect(i == 0 || gone[i] > gone[i - 1]);
    }
    for (size_t i = 0; i < observer->count; i++) {
        const struct mail_entry *entry =
            mail_view_find(view, observer->seen[i].uid);

        if (entry == NULL)
            cr_assert(!complete ||
                          contains(gone, gone_count, observer->seen[i].uid),
                      "UID %u has left unheard of", observer->seen[i].uid);
        else if (entry->modseq <= observer->modseq)
            cr_assert_eq(entry->flags, observer->seen[i].flags,
                         "UID %u has changed unheard of", entry->uid);
    }
}

static bool was_seen(const struct observer *observer, uint32_t uid)
{
    for (size_t i = 0; i < observer->count; i++)
        if (observer->seen[i].uid == uid)
            return true;
    return false;
}

static void take_list(struct observer *observer, const struct mail_view *view)
{
    size_t count = mail_view_count(view);
    struct seen *seen = memory_resize(NULL, (count + 1) * sizeof *seen);

    for (size_t i = 0; i < count; i++) {
        const struct mail_entry *entry = mail_view_at(view, i);

        cr_expect_leq(entry->modseq, mail_view_highest_modseq(view));
        if (!was_seen(observer, entry->uid))
            cr_assert_gt(entry->modseq, observer->modseq,
                         "UID %u has come unheard of", entry->uid);
        seen[i] = (struct seen){ entry->uid, entry->flags };
    }
    free(observer->seen);
    *observer = (struct observer){ seen, count, mail_view_highest_modseq(view),
                                   mail_view_uid_validity(view) };
}

static void observe(struct life *life, unsigned f, struct observer *observer)
{
    struct services *s = &life->services;
    struct mail_view *view = NULL;

    if (mail_refresh(&s->op, s->account, life->ids[f], &view) != STATUS_OK)
        return;
    cr_assert_geq(mail_view_highest_modseq(view), life->modseq[f]);
    life->modseq[f] = mail_view_highest_modseq(view);
    if (observer->uid_validity == mail_view_uid_validity(view))
        catch_up(life, f, observer, view);
    take_list(observer, view);
    mail_view_unref(&view);
}

static void compare(struct life *life)
{
    struct services *s = &life->services;

    exchange_clear_faults(s->exchange);
    for (unsigned f = 0; f < FOLDERS; f++) {
        struct mail_view *view = services_refresh(s, life->ids[f]);

        compare_with_exchange(life, f, view);
        mail_view_unref(&view);
        for (unsigned i = 0; i < OBSERVERS; i++)
            if (roll(life, 4) == 0)
                observe(life, f, &life->observers[f][i]);
    }
}

static void step(struct life *life)
{
    unsigned what = roll(life, 100);

    if (what < 25)
        deliver(life);
    else if (what < 50)
        others_act(life);
    else if (what < 75)
        we_act(life);
    else if (what < 97) {
        unsigned f = roll(life, FOLDERS);
        observe(life, f, &life->observers[f][roll(life, OBSERVERS)]);
    } else if (what < 98)
        fate_strikes(life);
    else
        compare(life);
    if (what == 99)
        arena_reset(life->services.arena);
    life->services.op.reason = NULL;
    life->services.op.failing_since = 0;
}

static void live(unsigned seed)
{
    struct life *life = memory_new(sizeof *life);
    char *error = NULL;

    life->services = services_open_on_disk(EXCHANGE_2016);
    life->state = seed;
    cr_assert(settings_set(life->services.settings, "store.tombstones", "10",
                           &error));
    services_restart(&life->services);
    for (unsigned f = 0; f < FOLDERS; f++) {
        life->ids[f] = services_folder(&life->services, names[f]);
        observe(life, f, &life->observers[f][0]);
    }
    for (unsigned i = 0; i < OPERATIONS; i++)
        step(life);
    compare(life);
    for (unsigned f = 0; f < FOLDERS; f++) {
        for (unsigned i = 0; i < OBSERVERS; i++)
            free(life->observers[f][i].seen);
        for (size_t i = 0; i < sizeof life->owners[f] / sizeof(char *); i++)
            free(life->owners[f][i]);
    }
    services_close(&life->services);
    free(life);
}

Test(services_random, changes_are_all_told, .timeout = 600)
{
    const char *given = getenv("POSTERN_SEED");

    live((unsigned)strtoul(given != NULL ? given : "20261122", NULL, 10));
}
