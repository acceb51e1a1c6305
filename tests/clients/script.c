/*
 * script.c - plays a conversation to the gateway
 */
#include "tests/clients/script.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"

/* ANN and her password for AUTH PLAIN. */
#define PLAIN_ANN "AGFubkBwb3N0ZXJuLmV4YW1wbGUAc2VjcmV0"

bool script_fits(const char *pattern, const char *line)
{
    for (; *pattern != '\0'; pattern++, line++) {
        if (*pattern == '*') {
            for (const char *rest = line;; rest++) {
                if (script_fits(pattern + 1, rest))
                    return true;
                if (*rest == '\0')
                    return false;
            }
        }
        if (*pattern != *line)
            return false;
    }
    return *line == '\0';
}

/* A gateway that has taken long says so in between. */
#define STILL_WORKING "* OK [INPROGRESS *"

static char *expect_line(const struct harness *harness, struct link *link,
                         const char *pattern, bool skips)
{
    for (;;) {
        char *line = link_line(link, WAIT_SECONDS);

        if (line == NULL) {
            char *log = harness_log(harness);
            cr_assert(false, "no line like \"%s\"; the daemon said:\n%s",
                      pattern, log);
        }
        if (script_fits(pattern, line))
            return line;
        cr_assert(skips || script_fits(STILL_WORKING, line),
                  "\"%s\" is not like \"%s\"", line, pattern);
        free(line);
    }
}

/* "pattern !! what must not come before it" */
static void expect_without(const struct harness *harness, struct link *link,
                           const char *text)
{
    const char *middle = strstr(text, " !! ");

    cr_assert(middle != NULL);
    char *pattern = strndup(text, (size_t)(middle - text));
    for (bool found = false; !found;) {
        char *line = expect_line(harness, link, "*", false);

        found = script_fits(pattern, line);
        cr_assert(found || !script_fits(middle + 4, line), "\"%s\" came", line);
        free(line);
    }
    free(pattern);
}

static void send_escaped(struct link *link, const char *text)
{
    struct buf out;

    buf_init(&out, NULL);
    for (; *text != '\0'; text++) {
        if (*text != '\\') {
            buf_putc(&out, *text);
            continue;
        }
        text++;
        buf_putc(&out, *text == 'r'   ? '\r'
                       : *text == 'n' ? '\n'
                       : *text == 't' ? '\t'
                       : *text == '0' ? '\0'
                                      : *text);
    }
    link_send(link, out.data, out.len);
    buf_fini(&out);
}

static void send_line(struct link *link, const char *text)
{
    struct buf out;

    buf_init(&out, NULL);
    buf_printf(&out, "%s\r\n", text);
    link_send(link, out.data, out.len);
    buf_fini(&out);
}

static void play_line(const struct harness *harness, struct link *link,
                      const char *line)
{
    const char *text = line + 2 + (line[2] == ' ');

    if (line[0] == '#')
        return;
    if (line[0] == 'S' && line[1] == '-') {
        expect_without(harness, link, text);
    } else if (line[0] == 'S') {
        free(expect_line(harness, link, text, line[1] == '.'));
    } else if (strncmp(line, "C:", 2) == 0) {
        send_line(link, text);
    } else if (strncmp(line, "C+", 2) == 0) {
        send_escaped(link, text);
    } else if (strncmp(line, "T:", 2) == 0) {
        link_start_tls(link, harness->ca_file);
    } else if (strncmp(line, "E:", 2) == 0) {
        cr_expect(link_is_closed(link, WAIT_SECONDS), "not closed");
    } else {
        cr_assert(false, "no such step: %s", line);
    }
}

void script_play(const struct harness *harness, struct link *link,
                 const char *script)
{
    char *copy = strdup(script);
    char *rest = NULL;

    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        play_line(harness, link, line);
    free(copy);
}

char *script_line(const struct harness *harness, struct link *link,
                  const char *pattern)
{
    return expect_line(harness, link, pattern, true);
}

struct link *script_imap_open(const struct harness *harness)
{
    struct link *link = link_open(harness->imap);

    script_play(harness, link,
                "S: * OK *\n"
                "C: in LOGIN " ANN " " PASSWORD "\n"
                "S. in OK *\n");
    return link;
}

struct link *script_smtp_open(const struct harness *harness)
{
    struct link *link = link_open(harness->smtp);

    script_play(harness, link,
                "S: 220 *\n"
                "C: EHLO test\n"
                "S. 250 *\n"
                "C: AUTH PLAIN " PLAIN_ANN "\n"
                "S: 235 *\n");
    return link;
}

void script_imap(const struct harness *harness, const char *script)
{
    struct link *link = script_imap_open(harness);

    script_play(harness, link, script);
    link_close(&link);
}

void script_smtp(const struct harness *harness, const char *script)
{
    struct link *link = script_smtp_open(harness);

    script_play(harness, link, script);
    link_close(&link);
}
