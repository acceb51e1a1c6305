/*
 * offline.c - a mail program that keeps all mail at hand and is often away
 */
#include "tests/clients/offline.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/clients/answer.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/mirror.h"
#include "tests/clients/script.h"
#include "tests/clients/words.h"


void offline_init(struct offline *offline, const struct harness *harness)
{
    *offline = (struct offline){ .harness = harness };
}

void offline_fini(struct offline *offline)
{
    link_close(&offline->link);
    for (size_t i = 0; i < offline->count; i++)
        mirror_free(&offline->mirrors[i]);
    free(offline->mirrors);
}

/* --- Saying and hearing --------------------------------------------------- */

/* The last line of an answer. */
static const char *verdict(const struct answer *answer)
{
    const char *text = answer->text.len > 0 ? answer->text.data : "nothing";
    size_t at = answer->text.len;

    while (at > 2 && text[at - 3] != '\n')
        at--;
    return at > 2 ? text + at - 2 : text;
}

/* The answer to a command that must succeed, unless what it is about has just
 * gone; what it says of the mailbox that is open is heard. */
static struct answer ask(struct offline *offline, const char *command)
{
    struct answer answer = answer_to(offline->link, "%s", command);
    const char *said = verdict(&answer);

    cr_assert(answer.said == SAID_OK || strstr(said, "[EXPUNGEISSUED]") != NULL,
              "%.200s: %s", command, said);
    if (offline->open != NULL)
        mirror_hear(offline->open, answer.text.data, answer.text.len);
    return answer;
}

static void tell(struct offline *offline, const char *command)
{
    struct answer answer = ask(offline, command);

    answer_fini(&answer);
}

/* --- Which mailboxes there are -------------------------------------------- */

struct mirror *offline_find(const struct offline *offline, const char *name)
{
    for (size_t i = 0; i < offline->count; i++)
        if (str_equal(offline->mirrors[i]->name, name))
            return offline->mirrors[i];
    return NULL;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(struct mirror *const *)a)->name,
                  (*(struct mirror *const *)b)->name);
}

static bool is_selectable(struct words *words)
{
    bool selectable = true;
    char *attribute;

    cr_assert(words_mark(words, '('));
    while ((attribute = words_text(words, NULL)) != NULL)
        if (str_equal_nocase(attribute, "\\Noselect") ||
            str_equal_nocase(attribute, "\\NonExistent"))
            selectable = false;
    cr_assert(words_mark(words, ')'));
    return selectable;
}

/* Moves the mirror of that name to the new list, or makes one. */
static void take_over(struct offline *offline, struct mirror **list,
                      size_t *count, const char *name)
{
    for (size_t i = 0; i < offline->count; i++)
        if (offline->mirrors[i] != NULL &&
            str_equal(offline->mirrors[i]->name, name)) {
            list[(*count)++] = offline->mirrors[i];
            offline->mirrors[i] = NULL;
            return;
        }
    list[(*count)++] = mirror_new(name);
}

/* Those that are gone are forgotten. */
static void learn_names(struct offline *offline)
{
    struct answer answer = ask(offline, "LIST \"\" *");
    struct arena *arena = arena_new();
    struct words words = { arena, answer.text.data,
                           answer.text.data + answer.text.len };
    struct mirror **list =
        memory_new((answer_count(&answer, "\n") + 1) * sizeof *list);
    size_t count = 0;

    for (; words.at < words.end; words_next_response(&words)) {
        if (!words_take(&words, "*") || !words_take(&words, "LIST") ||
            !is_selectable(&words))
            continue;
        words_skip(&words);
        take_over(offline, list, &count, words_text(&words, NULL));
    }
    for (size_t i = 0; i < offline->count; i++)
        mirror_free(&offline->mirrors[i]);
    free(offline->mirrors);
    qsort(list, count, sizeof *list, compare_names);
    offline->mirrors = list;
    offline->count = count;
    arena_free(&arena);
    answer_fini(&answer);
}

/* --- Learning what has happened ------------------------------------------- */

static void open_mailbox(struct offline *offline, struct mirror *mirror,
                         const char *parameters)
{
    struct arena *arena = arena_new();

    mirror->in_step = false;
    offline->open = mirror;
    tell(offline, arena_printf(arena, "SELECT \"%s\"%s", mirror->name,
                               parameters));
    arena_free(&arena);
}

static uint32_t last_uid(const struct mirror *mirror)
{
    return mirror->count > 0 ? mirror->messages[mirror->count - 1].uid : 0;
}

/* What has come behind that UID. */
static void look_behind(struct offline *offline, struct arena *arena,
                        uint32_t uid)
{
    tell(offline,
         arena_printf(arena, "UID FETCH %u:* (FLAGS MODSEQ)", uid + 1));
}

/* Every other time the client says what it has, as it may; then it is told of
 * nothing else. */
static void resync_quickly(struct offline *offline, struct mirror *mirror,
                           struct arena *arena)
{
    const char *known = mirror_uids(mirror, arena);
    uint32_t last = last_uid(mirror);
    uint32_t validity = mirror->validity;
    bool tells = known != NULL && offline->visits % 2 == 0;

    if (mirror->highest == 0)
        open_mailbox(offline, mirror, " (CONDSTORE)");
    else
        open_mailbox(offline, mirror,
                     arena_printf(arena, " (QRESYNC (%u %" PRIu64 "%s%s))",
                                  validity, mirror->highest, tells ? " " : "",
                                  tells ? known : ""));
    if (validity == 0 || mirror->validity != validity)
        look_behind(offline, arena, 0);
    else if (tells)
        look_behind(offline, arena, last);
}

static void resync_by_modseq(struct offline *offline, struct mirror *mirror,
                             struct arena *arena)
{
    uint64_t since = mirror->highest;
    uint32_t validity = mirror->validity;

    open_mailbox(offline, mirror, " (CONDSTORE)");
    if (since == 0 || mirror->validity != validity)
        since = 1;
    struct answer answer = ask(offline, "UID SEARCH ALL");
    mirror_keep(mirror, answer.text.data, answer.text.len);
    answer_fini(&answer);
    tell(offline,
         arena_printf(arena, "UID FETCH 1:* (FLAGS) (CHANGEDSINCE %" PRIu64 ")",
                      mirror->count == 0 ? 1 : since));
}

static void resync_in_full(struct offline *offline, struct mirror *mirror,
                           struct arena *arena)
{
    (void)arena;
    open_mailbox(offline, mirror, "");
    struct answer answer = ask(offline, "UID SEARCH ALL");
    mirror_keep(mirror, answer.text.data, answer.text.len);
    answer_fini(&answer);
    tell(offline, "UID FETCH 1:* (FLAGS)");
}

/* Asks about the messages that are new to it. */
static void ask_about_new(struct offline *offline, struct mirror *mirror,
                          struct arena *arena)
{
    char *unread = mirror_unread(mirror, arena);

    if (unread != NULL)
        tell(offline, arena_printf(arena,
                                   "UID FETCH %s (FLAGS RFC822.SIZE ENVELOPE"
                                   " BODY.PEEK[])",
                                   unread));
}

static void be_in_step(struct offline *offline, struct mirror *mirror,
                       struct arena *arena)
{
    cr_expect(mirror->count == mirror->exists,
              "%s: %zu messages are known, and %zu exist, by way %d",
              mirror->name, mirror->count, mirror->exists, offline->how);
    mirror->in_step = true;
    ask_about_new(offline, mirror, arena);
    tell(offline, "NOOP");
}

static void resync(struct offline *offline, struct mirror *mirror)
{
    static void (*const ways[RESYNC_COUNT])(
        struct offline *, struct mirror *, struct arena *) = {
        [RESYNC_QUICK] = resync_quickly,
        [RESYNC_BY_MODSEQ] = resync_by_modseq,
        [RESYNC_IN_FULL] = resync_in_full,
    };
    struct arena *arena = arena_new();

    ways[offline->how](offline, mirror, arena);
    be_in_step(offline, mirror, arena);
    arena_free(&arena);
}

void offline_return(struct offline *offline, enum resync how)
{
    offline->how = how;
    offline->visits++;
    offline->link = script_imap_open(offline->harness);
    if (how == RESYNC_QUICK)
        tell(offline, "ENABLE QRESYNC");
    learn_names(offline);
    for (size_t i = 0; i < offline->count; i++)
        resync(offline, offline->mirrors[i]);
}

void offline_leave(struct offline *offline)
{
    link_close(&offline->link);
    offline->open = NULL;
}

/* --- Idling --------------------------------------------------------------- */

void offline_idle(struct offline *offline, const char *name)
{
    struct mirror *mirror = offline_find(offline, name);

    cr_assert(mirror != NULL, "no mailbox %s", name);
    resync(offline, mirror);
    link_send(offline->link, "i IDLE\r\n", 8);
    char *line = link_line(offline->link, WAIT_SECONDS);
    cr_assert(line != NULL && line[0] == '+', "%s", line);
    free(line);
}

/* What is new in the mailbox it is asked about then. */
static void ask_about_arrivals(struct offline *offline)
{
    struct mirror *mirror = offline->open;
    struct arena *arena = arena_new();

    ask_about_new(offline, mirror, arena);
    if (mirror->exists > mirror->count)
        tell(offline, arena_printf(arena,
                                   "UID FETCH %u:* (FLAGS RFC822.SIZE ENVELOPE"
                                   " BODY.PEEK[])",
                                   last_uid(mirror) + 1));
    tell(offline, "NOOP");
    arena_free(&arena);
}

/* One line, which is freed; true if it was the answer to IDLE. */
static bool hear_line(struct offline *offline, char *line)
{
    bool done = str_starts(line, "i ");
    char *said;

    cr_assert(asprintf(&said, "%s\r\n", line) > 0);
    mirror_hear(offline->open, said, strlen(said));
    free(said);
    free(line);
    return done;
}

void offline_wake(struct offline *offline)
{
    bool done = false;

    link_send(offline->link, "DONE\r\n", 6);
    while (!done) {
        char *line = link_line(offline->link, WAIT_SECONDS);

        cr_assert(line != NULL, "no answer to DONE");
        done = hear_line(offline, line);
    }
    tell(offline, "NOOP");
    while (offline->open->exists > offline->open->count)
        ask_about_arrivals(offline);
}

void offline_die(struct offline *offline)
{
    char *line;

    while ((line = link_line(offline->link, WAIT_SECONDS)) != NULL)
        hear_line(offline, line);
    offline_leave(offline);
}

/* --- Telling -------------------------------------------------------------- */

char *offline_text(const struct offline *offline, struct arena *arena)
{
    struct buf text;

    buf_init(&text, arena);
    for (size_t i = 0; i < offline->count; i++) {
        const struct mirror *mirror = offline->mirrors[i];

        buf_printf(&text, "[%s] %u\n%s", mirror->name, mirror->validity,
                   mirror_text(mirror, arena));
    }
    return text.data;
}
