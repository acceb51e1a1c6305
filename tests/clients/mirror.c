/*
 * mirror.c - what a mail program remembers of a mailbox
 */
#include "tests/clients/mirror.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/clients/words.h"

#define FLAGS_MAX 40

struct mirror *mirror_new(const char *name)
{
    struct mirror *mirror = memory_new(sizeof *mirror);

    mirror->arena = arena_new();
    mirror->name = arena_strdup(mirror->arena, name);
    return mirror;
}

void mirror_free(struct mirror **mirror)
{
    if (*mirror == NULL)
        return;
    arena_free(&(*mirror)->arena);
    free((*mirror)->messages);
    free(*mirror);
    *mirror = NULL;
}

void mirror_clear(struct mirror *mirror)
{
    mirror->count = 0;
    mirror->newest = 0;
    mirror->highest = 0;
}

/* --- The list ------------------------------------------------------------- */

/* Where the UID is or would be. */
static size_t place_of(const struct mirror *mirror, uint32_t uid)
{
    size_t low = 0;
    size_t high = mirror->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (mirror->messages[middle].uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(struct mirror *mirror, size_t at, uint32_t uid)
{
    if (mirror->count == mirror->room) {
        mirror->room = mirror->room * 2 + 64;
        mirror->messages = memory_resize(
            mirror->messages, mirror->room * sizeof *mirror->messages);
    }
    memmove(&mirror->messages[at + 1], &mirror->messages[at],
            (mirror->count - at) * sizeof *mirror->messages);
    mirror->messages[at] = (struct mirror_message){ .uid = uid, .flags = "" };
    mirror->count++;
}

static void drop(struct mirror *mirror, size_t at)
{
    mirror->count--;
    memmove(&mirror->messages[at], &mirror->messages[at + 1],
            (mirror->count - at) * sizeof *mirror->messages);
}

/* --- What is said of a message -------------------------------------------- */

static int compare_texts(const void *a, const void *b)
{
    return str_compare_nocase(*(const char *const *)a,
                              *(const char *const *)b);
}

static const char *read_flags(struct mirror *mirror, struct words *words)
{
    const char *flags[FLAGS_MAX];
    size_t count = 0;
    const char *flag;
    struct buf text;

    cr_assert(words_mark(words, '('));
    while ((flag = words_text(words, NULL)) != NULL) {
        cr_assert(count < FLAGS_MAX);
        if (!str_equal_nocase(flag, "\\Recent"))
            flags[count++] = flag;
    }
    cr_assert(words_mark(words, ')'));
    qsort(flags, count, sizeof *flags, compare_texts);
    buf_init(&text, mirror->arena);
    buf_puts(&text, "");
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s ", flags[i]);
    return arena_strdup(mirror->arena, count > 0 ? text.data : "");
}

/* The ninth field behind the bracket (RFC 3501, 7.4.2). */
static const char *read_message_id(struct mirror *mirror, struct words *words)
{
    const char *id;

    cr_assert(words_mark(words, '('));
    for (int i = 0; i < 9; i++)
        words_skip(words);
    id = arena_strdup(mirror->arena, words_text(words, NULL));
    cr_assert(words_mark(words, ')'));
    return id;
}

/* What a FETCH response tells; what it does not tell is left alone. */
struct news {
    uint64_t uid;
    uint64_t modseq;
    uint64_t size;
    const char *flags;
    const char *id;
    size_t octets;
    bool whole;
};

static void read_item(struct mirror *mirror, struct words *words,
                      struct news *news)
{
    bool good = true;

    if (words_take(words, "UID"))
        good = words_number(words, &news->uid);
    else if (words_take(words, "FLAGS"))
        news->flags = read_flags(mirror, words);
    else if (words_take(words, "MODSEQ"))
        good = words_mark(words, '(') && words_number(words, &news->modseq) &&
               words_mark(words, ')');
    else if (words_take(words, "RFC822.SIZE"))
        good = words_number(words, &news->size);
    else if (words_take(words, "ENVELOPE"))
        news->id = read_message_id(mirror, words);
    else if (words_take(words, "BODY[]"))
        news->whole = words_text(words, &news->octets) != NULL;
    else
        good = false;
    cr_assert(good, "%s: what is this: %.60s", mirror->name, words->at);
}

static void learn(struct mirror *mirror, struct mirror_message *message,
                  const struct news *news)
{
    if (news->flags != NULL)
        message->flags = news->flags;
    if (news->id != NULL)
        message->id = news->id;
    if (news->size != 0)
        message->size = news->size;
    if (news->whole)
        cr_expect(news->octets == message->size,
                  "%s, UID %u: %zu octets, and RFC822.SIZE is %" PRIu64,
                  mirror->name, message->uid, news->octets, message->size);
    if (news->modseq == 0)
        return;
    cr_expect(news->modseq >= message->modseq,
              "%s, UID %u: MODSEQ went from %" PRIu64 " to %" PRIu64,
              mirror->name, message->uid, message->modseq, news->modseq);
    message->modseq = news->modseq;
    if (news->modseq > mirror->newest)
        mirror->newest = news->modseq;
}

/* The message that is meant; NULL if it is a new one about which the program
 * will ask. */
static struct mirror_message *find(struct mirror *mirror, size_t number,
                                   uint32_t uid)
{
    size_t at = uid != 0 ? place_of(mirror, uid) : number - 1;
    bool known = at < mirror->count &&
                 (uid == 0 || mirror->messages[at].uid == uid);

    cr_expect(number >= 1 && (!mirror->in_step || number <= mirror->exists),
              "%s: number %zu of %zu", mirror->name, number, mirror->exists);
    if (mirror->in_step && uid != 0 && (known || at < mirror->count))
        cr_expect(at == number - 1, "%s: UID %u is number %zu, not %zu",
                  mirror->name, uid, at + 1, number);
    if (known)
        return mirror->in_step || uid != 0 ? &mirror->messages[at] : NULL;
    if (uid == 0 || (mirror->in_step && number != mirror->count + 1))
        return NULL;
    insert(mirror, at, uid);
    return &mirror->messages[at];
}

static void hear_fetch(struct mirror *mirror, size_t number,
                       struct words *words)
{
    struct news news = { .uid = 0 };

    cr_assert(words_mark(words, '('));
    while (!words_mark(words, ')'))
        read_item(mirror, words, &news);
    struct mirror_message *message = find(mirror, number, (uint32_t)news.uid);
    if (message != NULL)
        learn(mirror, message, &news);
}

/* --- What is said of the mailbox ------------------------------------------ */

static void hear_expunge(struct mirror *mirror, size_t number)
{
    cr_expect(mirror->in_step && number >= 1 && number <= mirror->exists,
              "%s: number %zu of %zu is expunged", mirror->name, number,
              mirror->exists);
    mirror->exists--;
    if (number >= 1 && number <= mirror->count)
        drop(mirror, number - 1);
}

static void hear_vanished(struct mirror *mirror, struct words *words)
{
    bool earlier = words_mark(words, '(') && words_take(words, "EARLIER") &&
                   words_mark(words, ')');
    uint32_t first, last;

    cr_expect(earlier != mirror->in_step, "%s: VANISHED at the wrong time",
              mirror->name);
    while (words_range(words, &first, &last)) {
        size_t at = place_of(mirror, first);

        while (at < mirror->count && mirror->messages[at].uid <= last)
            drop(mirror, at);
        if (!earlier)
            mirror->exists -= last - first + 1;
    }
}

static void hear_exists(struct mirror *mirror, size_t exists)
{
    cr_expect(!mirror->in_step || exists >= mirror->exists,
              "%s: EXISTS goes from %zu to %zu", mirror->name, mirror->exists,
              exists);
    mirror->exists = exists;
}

static void hear_code(struct mirror *mirror, const struct words *words)
{
    uint64_t validity = words_code(words, "UIDVALIDITY");
    uint64_t highest = words_code(words, "HIGHESTMODSEQ");

    if (validity != 0 && validity != mirror->validity) {
        mirror_clear(mirror);
        mirror->validity = (uint32_t)validity;
    }
    cr_expect(highest == 0 || highest >= mirror->highest,
              "%s: HIGHESTMODSEQ went from %" PRIu64 " to %" PRIu64,
              mirror->name, mirror->highest, highest);
    if (highest != 0)
        mirror->highest = highest;
}

static void hear_response(struct mirror *mirror, struct words *words)
{
    uint64_t number;

    if (!words_take(words, "*"))
        words_skip(words); /* a tag */
    if (words_number(words, &number)) {
        if (words_take(words, "EXISTS"))
            hear_exists(mirror, number);
        else if (words_take(words, "EXPUNGE"))
            hear_expunge(mirror, number);
        else if (words_take(words, "FETCH"))
            hear_fetch(mirror, number, words);
    } else if (words_take(words, "VANISHED")) {
        hear_vanished(mirror, words);
    } else if (words_take(words, "OK")) {
        hear_code(mirror, words);
    }
}

void mirror_hear(struct mirror *mirror, const char *said, size_t len)
{
    struct arena *arena = arena_new();
    struct words words = { arena, said, said + len };

    while (words.at < words.end) {
        hear_response(mirror, &words);
        words_next_response(&words);
    }
    arena_free(&arena);
}

void mirror_keep(struct mirror *mirror, const char *said, size_t len)
{
    struct arena *arena = arena_new();
    struct words words = { arena, said, said + len };
    uint64_t uid;
    size_t kept = 0;

    while (words.at < words.end &&
           !(words_take(&words, "*") && words_take(&words, "SEARCH")))
        words_next_response(&words);
    while (words_number(&words, &uid)) {
        size_t at = place_of(mirror, (uint32_t)uid);

        if (at >= mirror->count || mirror->messages[at].uid != uid)
            continue;
        while (at > kept)
            drop(mirror, --at);
        kept++;
    }
    mirror->count = kept;
    arena_free(&arena);
}

/* --- Telling -------------------------------------------------------------- */

static char *uids_of(const struct mirror *mirror, struct arena *arena,
                     bool unread_only)
{
    struct buf set;

    buf_init(&set, arena);
    for (size_t i = 0; i < mirror->count; i++)
        if (!unread_only || mirror->messages[i].id == NULL)
            buf_printf(&set, "%s%u", set.len > 0 ? "," : "",
                       mirror->messages[i].uid);
    return set.len > 0 ? set.data : NULL;
}

char *mirror_uids(const struct mirror *mirror, struct arena *arena)
{
    return uids_of(mirror, arena, false);
}

char *mirror_unread(const struct mirror *mirror, struct arena *arena)
{
    return uids_of(mirror, arena, true);
}

char *mirror_text(const struct mirror *mirror, struct arena *arena)
{
    struct buf text;

    buf_init(&text, arena);
    buf_puts(&text, "");
    for (size_t i = 0; i < mirror->count; i++) {
        const struct mirror_message *message = &mirror->messages[i];

        buf_printf(&text, "%u %" PRIu64 " %s %s\n", message->uid,
                   message->size, message->id != NULL ? message->id : "-",
                   message->flags);
    }
    return text.len > 0 ? text.data : arena_strdup(arena, "");
}
