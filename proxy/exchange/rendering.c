/*
 * rendering.c - a message that Exchange has rendered once more
 */
#include "proxy/exchange/rendering.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"

#define BLOCK (32 * 1024)

struct mime_part *rendering_scan(struct op *op, const struct spool *content)
{
    struct mime_scanner *scanner = mime_scanner_new(op->arena);
    char block[BLOCK];
    uint64_t at = 0;
    long got = 0;

    while (at < spool_size(content) &&
           (got = spool_read(content, at, block, sizeof block)) > 0) {
        mime_scanner_write(scanner, block, (size_t)got);
        at += (uint64_t)got;
    }
    struct mime_part *structure = mime_scanner_finish(scanner);
    return got >= 0 ? structure : NULL;
}

/* --- Which boundaries take whose place ----------------------------------- */

struct exchanged {
    const char *now, *told;
    size_t now_len;
};

static const char *boundary_of(const struct mime_part *part)
{
    for (size_t i = 0; i < part->param_count; i++)
        if (str_equal_nocase(part->params[i].name, "boundary"))
            return part->params[i].value;
    return NULL;
}

/* False when the two are not of the same parts. */
static bool pair_up(struct buf *pairs, const struct mime_part *now,
                    const struct mime_part *told)
{
    const char *from = boundary_of(now), *to = boundary_of(told);

    if (now->kind != told->kind || now->child_count != told->child_count ||
        (from == NULL) != (to == NULL))
        return false;
    if (from != NULL && *from != '\0' && !str_equal(from, to)) {
        struct exchanged pair = { from, to, strlen(from) };
        buf_append(pairs, &pair, sizeof pair);
    }
    for (size_t i = 0; i < now->child_count; i++)
        if (!pair_up(pairs, &now->children[i], &told->children[i]))
            return false;
    return true;
}

/* A boundary may begin as another one does: the longest go first. */
static int longest_first(const void *a, const void *b)
{
    const struct exchanged *left = a, *right = b;

    return (left->now_len < right->now_len) - (left->now_len > right->now_len);
}

/* --- Putting them there -------------------------------------------------- */

struct restoring {
    const struct exchanged *pairs;
    size_t count;
    bool first[256]; /* the octets that they begin with */
    struct spool *out;
};

static const struct exchanged *pair_at(const struct restoring *restoring,
                                       const char *at, size_t len)
{
    if (!restoring->first[(unsigned char)*at])
        return NULL;
    for (size_t i = 0; i < restoring->count; i++) {
        const struct exchanged *pair = &restoring->pairs[i];

        if (pair->now_len <= len && memcmp(at, pair->now, pair->now_len) == 0)
            return pair;
    }
    return NULL;
}

/* Writes what begins before `len - keep`; says how much that was. */
static size_t restore_block(struct restoring *restoring, const char *data,
                            size_t len, size_t keep)
{
    size_t at = 0, written = 0, end = len > keep ? len - keep : 0;

    while (at < end) {
        const struct exchanged *pair = pair_at(restoring, data + at, len - at);

        if (pair == NULL) {
            at++;
            continue;
        }
        spool_write(restoring->out, data + written, at - written);
        spool_write(restoring->out, pair->told, strlen(pair->told));
        at += pair->now_len;
        written = at;
    }
    spool_write(restoring->out, data + written, at - written);
    return at;
}

static bool restore_all(struct restoring *restoring,
                        const struct spool *content)
{
    size_t keep = restoring->pairs[0].now_len - 1, have = 0;
    char *data = malloc(BLOCK + keep);
    uint64_t at = 0;
    long got = 1;

    while (data != NULL && got > 0) {
        got = spool_read(content, at, data + have, BLOCK);
        if (got < 0)
            break;
        have += (size_t)got;
        at += (uint64_t)got;
        size_t done = restore_block(restoring, data, have, got > 0 ? keep : 0);
        memmove(data, data + done, have - done);
        have -= done;
    }
    free(data);
    return data != NULL && got == 0 &&
           spool_failed(restoring->out) == SPOOL_GOOD;
}

struct spool *rendering_restore(struct op *op, const struct spool *content,
                                const struct mime_part *now,
                                const struct mime_part *told)
{
    struct restoring restoring = { .count = 0 };
    struct buf pairs;

    buf_init(&pairs, op->arena);
    if (!pair_up(&pairs, now, told) || pairs.len == 0)
        return NULL;
    restoring.pairs = (struct exchanged *)(void *)pairs.data;
    restoring.count = pairs.len / sizeof *restoring.pairs;
    qsort(pairs.data, restoring.count, sizeof *restoring.pairs, longest_first);
    for (size_t i = 0; i < restoring.count; i++)
        restoring.first[(unsigned char)*restoring.pairs[i].now] = true;
    restoring.out = spool_new(NULL, 0);
    if (!restore_all(&restoring, content))
        spool_free(&restoring.out);
    return restoring.out;
}
