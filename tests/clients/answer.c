/*
 * answer.c - asks the gateway something and keeps the whole answer
 */
#include "tests/clients/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"

#define TAG "t1 "

const char *said_name(enum said said)
{
    static const char *const names[] = { "OK", "NO", "BAD", "nothing" };
    return names[said];
}

/* The octets of the literal that a line announces; -1 if it announces none. */
static long literal_size(const char *line)
{
    const char *open = strrchr(line, '{');
    char *end;
    if (open == NULL)
        return -1;
    long size = strtol(open + 1, &end, 10);
    return end > open + 1 && strcmp(end, "}") == 0 ? size : -1;
}

/* One line with its literals; false when the link has ended. */
static bool read_response(struct link *link, struct buf *text)
{
    for (;;) {
        char *line = link_line(link, WAIT_SECONDS);
        if (line == NULL)
            return false;
        long size = literal_size(line);
        buf_printf(text, "%s\r\n", line);
        free(line);
        if (size < 0)
            return true;
        char *data = link_octets(link, (size_t)size, WAIT_SECONDS);
        if (data == NULL)
            return false;
        buf_append(text, data, (size_t)size);
        free(data);
    }
}

static enum said said_in(const char *line)
{
    if (str_starts(line, TAG "OK"))
        return SAID_OK;
    return str_starts(line, TAG "NO") ? SAID_NO : SAID_BAD;
}

static struct answer read_answer(struct link *link)
{
    struct answer answer = { .said = SAID_NOTHING };

    buf_init(&answer.text, NULL);
    for (;;) {
        size_t start = answer.text.len;
        if (!read_response(link, &answer.text))
            return answer;
        if (str_starts(answer.text.data + start, TAG)) {
            answer.said = said_in(answer.text.data + start);
            return answer;
        }
    }
}

struct answer answer_to(struct link *link, const char *format, ...)
{
    struct buf line;
    va_list args;

    buf_init(&line, NULL);
    buf_puts(&line, TAG);
    va_start(args, format);
    buf_vprintf(&line, format, args);
    va_end(args);
    buf_puts(&line, "\r\n");
    link_send(link, line.data, line.len);
    buf_fini(&line);
    return read_answer(link);
}

void answer_fini(struct answer *answer)
{
    buf_fini(&answer->text);
}

size_t answer_count(const struct answer *answer, const char *text)
{
    size_t count = 0;
    const char *at = answer->text.len > 0 ? answer->text.data : "";
    for (; (at = strstr(at, text)) != NULL; at += strlen(text))
        count++;
    return count;
}

long answer_exists(const struct answer *answer)
{
    const char *found =
        answer->text.len > 0 ? strstr(answer->text.data, " EXISTS\r\n") : NULL;
    if (found == NULL)
        return -1;
    while (found > answer->text.data && found[-1] != ' ')
        found--;
    return strtol(found, NULL, 10);
}
