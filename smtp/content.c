/*
 * content.c - a message as it comes from the client
 */
#include "smtp/content.h"

#include <stdbool.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/spool.h"

struct smtp_content {
    struct spool *spool;
    enum smtp_content_fault fault;
    bool after_cr; /* the last octet was CR */
};

struct smtp_content *smtp_content_new(const char *directory, uint64_t limit)
{
    struct smtp_content *content = memory_new(sizeof *content);

    content->spool = spool_new(directory, limit);
    return content;
}

void smtp_content_free(struct smtp_content **content)
{
    if (*content == NULL)
        return;
    spool_free(&(*content)->spool);
    free(*content);
    *content = NULL;
}

static void store(struct smtp_content *content, const char *data, size_t len)
{
    if (content->fault != SMTP_CONTENT_GOOD ||
        spool_write(content->spool, data, len))
        return;
    content->fault = spool_failed(content->spool) == SPOOL_OVER_LIMIT
                         ? SMTP_CONTENT_TOO_BIG
                         : SMTP_CONTENT_DISK_FAILED;
}

static void refuse_bare_cr(struct smtp_content *content)
{
    if (content->fault == SMTP_CONTENT_GOOD)
        content->fault = SMTP_CONTENT_BARE_CR;
}

/* Looks at one CR or LF at `at` and stores what has come before a bare LF. */
static const char *line_end(struct smtp_content *content, const char *start,
                            const char *at, bool after_cr)
{
    if (*at == '\n' && !after_cr) {
        store(content, start, (size_t)(at - start));
        store(content, "\r", 1);
        return at;
    }
    return start;
}

void smtp_content_write(struct smtp_content *content, const char *data,
                        size_t len)
{
    const char *end = data + len;
    const char *start = data; /* what is not stored yet */

    for (const char *p = data; p < end; p++) {
        if (content->after_cr && *p != '\n')
            refuse_bare_cr(content);
        start = line_end(content, start, p, content->after_cr);
        content->after_cr = *p == '\r';
    }
    store(content, start, (size_t)(end - start));
}

enum smtp_content_fault smtp_content_end(struct smtp_content *content)
{
    if (content->after_cr)
        refuse_bare_cr(content);
    return content->fault;
}

enum smtp_content_fault smtp_content_fault(const struct smtp_content *content)
{
    return content->fault;
}

const struct spool *smtp_content_spool(const struct smtp_content *content)
{
    return content->spool;
}
