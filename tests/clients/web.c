/*
 * web.c - HTTP with the gateway's door for calendars, octet by octet
 */
#include "tests/clients/web.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"


struct link *web_open(const struct harness *harness)
{
    return link_open(harness->caldav);
}

/* --- Answers -------------------------------------------------------------- */

/* What a buffer holds, which may be nothing, in memory of its own. */
static char *take(struct buf *buf)
{
    char *data = calloc(1, buf->len + 1);

    if (buf->len > 0)
        memcpy(data, buf->data, buf->len);
    buf_fini(buf);
    return data;
}

static char *read_header(struct link *link)
{
    struct buf header;
    char *line;

    buf_init(&header, NULL);
    while ((line = link_line(link, WAIT_SECONDS)) != NULL && *line != '\0') {
        buf_printf(&header, "%s\r\n", line);
        free(line);
    }
    free(line);
    return take(&header);
}

/* False when it ends before its end. */
static bool read_octets(struct link *link, size_t len, struct buf *body)
{
    char *octets = link_octets(link, len, WAIT_SECONDS);

    if (octets != NULL)
        buf_append(body, octets, len);
    free(octets);
    return octets != NULL;
}

static bool read_chunks(struct link *link, struct buf *body)
{
    for (;;) {
        char *line = link_line(link, WAIT_SECONDS);
        size_t len = line != NULL ? strtoul(line, NULL, 16) : 0;
        bool is_there = line != NULL;

        free(line);
        if (!is_there || (len > 0 && !read_octets(link, len, body)))
            return false;
        free(link_line(link, WAIT_SECONDS));
        if (len == 0)
            return true;
    }
}

static bool has_no_body(int code)
{
    return code < 200 || code == 204 || code == 304;
}

struct web_answer web_read(struct link *link, bool of_head)
{
    struct web_answer answer = { 0 };
    char *line = link_line(link, WAIT_SECONDS);
    struct buf body;

    buf_init(&body, NULL);
    if (line == NULL || sscanf(line, "HTTP/1.1 %d ", &answer.code) != 1)
        answer.code = 0;
    free(line);
    answer.header = answer.code != 0 ? read_header(link) : strdup("");

    char *length = web_field(&answer, "Content-Length");
    char *coding = web_field(&answer, "Transfer-Encoding");
    answer.chunked = coding != NULL && strcasecmp(coding, "chunked") == 0;
    if (answer.code != 0 && !of_head && !has_no_body(answer.code)) {
        bool whole = answer.chunked ? read_chunks(link, &body)
                     : length != NULL
                         ? read_octets(link, strtoul(length, NULL, 10), &body)
                         : false;
        cr_expect(whole, "an answer %d without its end:\n%s", answer.code,
                  answer.header);
    }
    free(length);
    free(coding);
    answer.len = body.len;
    answer.body = take(&body);
    return answer;
}

void web_answer_fini(struct web_answer *answer)
{
    free(answer->header);
    free(answer->body);
}

char *web_field(const struct web_answer *answer, const char *name)
{
    size_t len = strlen(name);

    for (const char *line = answer->header; *line != '\0';
         line = strstr(line, "\r\n") + 2)
        if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
            const char *value = line + len + 1 + strspn(line + len + 1, " ");

            return strndup(value, strcspn(value, "\r"));
        }
    return NULL;
}

size_t web_count(const struct web_answer *answer, const char *text)
{
    size_t count = 0;

    for (const char *at = answer->body; (at = strstr(at, text)) != NULL; at++)
        count++;
    return count;
}

/* --- Requests ------------------------------------------------------------- */

struct web_answer web_ask(struct link *link, const char *method,
                          const char *target, const char *fields,
                          const char *body)
{
    struct buf request;

    buf_init(&request, NULL);
    buf_printf(&request, "%s %s HTTP/1.1\r\nHost: localhost\r\n" WEB_ANN "%s",
               method, target, fields != NULL ? fields : "");
    if (body != NULL)
        buf_printf(&request, "Content-Length: %zu\r\n", strlen(body));
    buf_printf(&request, "\r\n%s", body != NULL ? body : "");
    link_send(link, request.data, request.len);
    buf_fini(&request);
    return web_read(link, strcmp(method, "HEAD") == 0);
}

struct web_answer web_raw(const struct harness *harness, const char *request,
                          bool of_head)
{
    struct link *link = web_open(harness);

    link_send(link, request, strlen(request));
    struct web_answer answer = web_read(link, of_head);
    link_close(&link);
    return answer;
}

char *web_do(const struct harness *harness, int code, const char *method,
             const char *target, const char *fields, const char *body)
{
    struct link *link = web_open(harness);
    struct web_answer answer = web_ask(link, method, target, fields, body);

    if (answer.code != code) {
        char *log = harness_log(harness);

        cr_expect(false, "%s %s: %d, not %d\n%s\n%s\nThe daemon said:\n%s",
                  method, target, answer.code, code, answer.header, answer.body,
                  log);
        free(log);
    }
    link_close(&link);
    free(answer.header);
    return answer.body;
}

int web_put_event(const struct harness *harness, const char *name,
                  const char *lines)
{
    struct link *link = web_open(harness);
    struct web_answer answer;
    char *target;
    char *text;

    cr_assert(asprintf(&target, WEB_CALENDAR "%s.ics", name) > 0);
    cr_assert(asprintf(&text,
                       "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                       "PRODID:-//Example//Tests//EN\r\nBEGIN:VEVENT\r\n"
                       "UID:%s\r\nDTSTAMP:20261101T080000Z\r\n%s"
                       "END:VEVENT\r\nEND:VCALENDAR\r\n",
                       name, lines) > 0);
    answer = web_ask(link, "PUT", target, "Content-Type: text/calendar\r\n",
                     text);

    int code = answer.code;
    cr_expect(code == 201 || code == 204, "%s: %d %s", name, code, answer.body);
    web_answer_fini(&answer);
    link_close(&link);
    free(target);
    free(text);
    return code;
}
