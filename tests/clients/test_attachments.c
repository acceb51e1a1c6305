/*
 * test_attachments.c - curl puts files to events and takes them from there
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/program.h"
#include "tests/clients/web.h"

#define ONE WEB_CALENDAR "one.ics"
#define DAILY                                                                  \
    "DTSTART:20380301T100000Z\r\nDTEND:20380301T110000Z\r\n"                   \
    "RRULE:FREQ=DAILY;COUNT=5\r\nSUMMARY:One\r\n"
#define ADD ONE "?action=attachment-add"
#define PLAN                                                                   \
    "Content-Type: text/plain\r\n"                                             \
    "Content-Disposition: attachment; filename=plan.txt\r\n"

/* Takes the folds out of a text. */
static char *unfold(char *text)
{
    char *out = text;

    for (char *at = text; *at != '\0';)
        if (strncmp(at, "\r\n ", 3) == 0)
            at += 3;
        else
            *out++ = *at++;
    *out = '\0';
    return text;
}

static size_t files_of(const struct harness *harness)
{
    char *text = unfold(web_do(harness, 200, "GET", ONE, NULL, NULL));
    size_t count = 0;

    for (char *at = text; (at = strstr(at, "\r\nATTACH;")) != NULL; at++)
        count++;
    free(text);
    return count;
}

/* --- curl ----------------------------------------------------------------- */

/* Runs curl as ANN; what it says is to be freed. */
static char *curl(const struct harness *harness, const char *url,
                  const char *const more[])
{
    const char *args[24] = { "curl", "-sS", "-u", ANN ":" PASSWORD, url };
    size_t n = 5;

    for (size_t i = 0; more[i] != NULL; i++)
        args[n++] = more[i];
    return program_succeed(harness, args, NULL);
}

#define CURL(harness, url, ...)                                                \
    curl(harness, url, (const char *const[]){ __VA_ARGS__, NULL })

/* The URL in the event is all that a program needs, and what it saves has the
 * file's name. */
Test(attachments, are_uploaded_and_saved_by_curl, .timeout = SECONDS)
{
    struct harness harness;
    char event[256], url[400], octets[3000];

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (size_t i = 0; i < sizeof octets - 1; i++)
        octets[i] = "All that was ever said of it.\n"[i % 30];
    octets[sizeof octets - 1] = '\0';
    harness_write(&harness, "report 1.txt", "%s", octets);
    cr_assert_eq(web_put_event(&harness, "one", DAILY), 201);
    snprintf(event, sizeof event, "http://localhost:%u" ONE, harness.caldav);
    snprintf(url, sizeof url, "%s?action=attachment-add&rid=20380303T100000Z",
             event);
    char *code = CURL(
        &harness, url, "-X", "POST", "-H", "Content-Type: text/plain", "-H",
        "Content-Disposition: attachment; filename*=UTF-8''report%201.txt",
        "--data-binary", "@report 1.txt", "-o", "answer", "-w", "%{http_code}");
    cr_expect_str_eq(code, "201");
    free(code);

    char *text = unfold(CURL(&harness, event, "--http1.1"));
    char *line = strstr(text, "\r\nATTACH;");
    char *link = line != NULL ? strstr(line, ":http://") : NULL;
    cr_assert(link != NULL, "%s", text);
    link++;
    link[strcspn(link, "\r")] = '\0';
    free(CURL(&harness, link, "-o", "saved", "-D", "header"));
    char *saved = harness_read(&harness, "saved");
    char *header = harness_read(&harness, "header");
    cr_assert(saved != NULL && header != NULL);
    cr_expect_str_eq(saved, octets);
    cr_expect(strstr(header, "filename=\"report 1.txt\"") != NULL, "%s",
              header);
    free(header);
    free(saved);
    free(text);
    harness_stop(&harness);
}

/* --- Deaths --------------------------------------------------------------- */

static void hang(void *context)
{
    harness_fault(context, "SyncFolderItems", FAULT_HANG, 1000, 0);
}

/* Sends a file that Exchange takes and of which the gateway never hears, and
 * kills the gateway. */
static void send_and_die(struct harness *harness, const char *target)
{
    struct link *link = web_open(harness);
    char request[1000];
    int len = snprintf(request, sizeof request,
                       "POST %s HTTP/1.1\r\nHost: localhost\r\n" WEB_ANN PLAN
                       "Content-Length: 5\r\n\r\nhello",
                       target);

    harness_fault(harness, "CreateAttachment", FAULT_RESET_AFTER, 1, 0);
    exchange_interject(harness->exchange, "CreateAttachment", hang, harness);
    unsigned calls = exchange_calls(harness->exchange, "CreateAttachment");
    link_send(link, request, (size_t)len);
    for (int i = 0; i < WAIT_SECONDS * 100; i++) {
        if (exchange_calls(harness->exchange, "CreateAttachment") > calls)
            break;
        usleep(10000);
    }
    harness_daemon_kill(harness);
    exchange_clear_faults(harness->exchange);
    link_close(&link);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *target;
    size_t files;
} deaths[] = {
    { "at a series", ADD,                                              1 },
    { "at a day",    ADD "&rid=20380303T100000Z",                      1 },
    { "at two days", ADD "&rid=20380302T100000Z,20380304T100000Z",     2 },
};
/* clang-format on */

Test(attachments, come_once_though_the_gateway_dies, .timeout = SECONDS)
{
    for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
        struct harness harness;

        harness_start(&harness, EXCHANGE_2016, NULL);
        cr_assert_eq(web_put_event(&harness, "one", DAILY), 201);
        cr_expect_eq(files_of(&harness), 0);
        send_and_die(&harness, deaths[i].target);
        harness_daemon_start(&harness);
        free(web_do(&harness, 201, "POST", deaths[i].target, PLAN, "hello"));
        cr_expect_eq(files_of(&harness), deaths[i].files, "%s: %zu",
                     deaths[i].name, files_of(&harness));
        harness_stop(&harness);
    }
}
