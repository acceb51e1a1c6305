/*
 * test_caldav_curl.c - curl, and bare octets, at the door for calendars
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/program.h"
#include "tests/clients/web.h"

#define ONE WEB_CALENDAR "one.ics"

/* clang-format off */
static const char event[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\n"
    "BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20261101T080000Z\r\n"
    "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n"
    "SUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/* clang-format on */

/* --- curl ----------------------------------------------------------------- */

/* Runs curl as ANN with up to eight more arguments, which end with NULL. */
static char *curl(const struct harness *harness, const char *scheme,
                  const char *path, const char *const more[])
{
    const char *args[24] = { "curl",     "-sS",    "--max-time", "240",
                             "--cacert", "ca.pem", "-u",         ANN
                             ":" PASSWORD };
    char url[256];
    size_t n = 8;

    snprintf(url, sizeof url, "%s://localhost:%u%s", scheme,
             strcmp(scheme, "https") == 0 ? harness->caldavs : harness->caldav,
             path);
    args[n++] = url;
    for (size_t i = 0; more[i] != NULL; i++)
        args[n++] = more[i];
    return program_succeed(harness, args, NULL);
}

#define CURL(harness, scheme, path, ...)                                       \
    curl(harness, scheme, path, (const char *const[]){ __VA_ARGS__, NULL })

Test(caldav_curl, uploads_in_every_way, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct {
        const char *name;
        const char *scheme;
        const char *option;
        const char *value;
    } ways[] = {
        { "with its length",   "http",  "--http1.1", "-#" },
        { "asking first",      "http",  "-H", "Expect: 100-continue" },
        { "in chunks",         "http",  "-H", "Transfer-Encoding: chunked" },
        { "by HTTP/1.0",       "http",  "--http1.0", "-#" },
        { "over TLS",          "https", "--http1.1", "-#" },
        { "over TLS, asking",  "https", "-H", "Expect: 100-continue" },
        { "over TLS, chunked", "https", "-H", "Transfer-Encoding: chunked" },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_write(&harness, "one.ics", "%s", event);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char *code = CURL(&harness, ways[i].scheme, ONE, "-T", "one.ics", "-s",
                          "-w", "%{http_code}", ways[i].option, ways[i].value);
        cr_expect(strstr(code, i == 0 ? "201" : "204") != NULL, "%s: %s",
                  ways[i].name, code);
        free(code);

        char *text = CURL(&harness, ways[i].scheme, ONE, "--http1.1");
        cr_expect(strstr(text, "SUMMARY:One\r\n") != NULL, "%s: %s",
                  ways[i].name, text);
        free(text);
    }
    harness_stop(&harness);
}

Test(caldav_curl, is_kept_on_one_connection, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    const char *const schemes[] = { "http", "https" };
    for (size_t i = 0; i < 2; i++) {
        char second[256];

        snprintf(second, sizeof second, "%s://localhost:%u/users/", schemes[i],
                 i == 0 ? harness.caldav : harness.caldavs);
        char *connects =
            CURL(&harness, schemes[i], "/", "-X", "PROPFIND", "-H", "Depth: 0",
                 "-o", "out", second, "-o", "out", "-w", "<%{num_connects}>");
        cr_expect_str_eq(connects, "<1><0>");
        free(connects);
    }
    harness_stop(&harness);
}

Test(caldav_curl, is_led_from_where_programs_look_first, .timeout = SECONDS)
{
    static const char *const paths[] = { "/.well-known/caldav",
                                         "/.well-known/carddav" };
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (size_t i = 0; i < 2; i++) {
        char *answer = CURL(&harness, "https", paths[i], "-L", "-X", "PROPFIND",
                            "-H", "Depth: 0", "-w", "%{http_code}");
        cr_expect(strstr(answer, "/principals/users/") != NULL &&
                      strstr(answer, "207") != NULL,
                  "%s: %s", paths[i], answer);
        free(answer);
    }
    harness_stop(&harness);
}

/* --- Who asks ------------------------------------------------------------- */

Test(caldav_curl, wants_to_know_who_asks, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct {
        const char *name;
        const char *method;
        const char *fields;
        int code;
    } cases[] = {
        { "nobody",           "PROPFIND", "",                                        401 },
        { "a wrong password", "PROPFIND",
          "Authorization: Basic YW5uQHBvc3Rlcm4uZXhhbXBsZTp3cm9uZw==\r\n",           401 },
        { "no such scheme",   "PROPFIND", "Authorization: Digest username=\"x\"\r\n", 401 },
        { "no base64",        "PROPFIND", "Authorization: Basic ####\r\n",           401 },
        { "ANN",              "PROPFIND", WEB_ANN,                                   207 },
        { "OPTIONS is free",  "OPTIONS",  "",                                        200 },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char request[512];

        snprintf(request, sizeof request,
                 "%s / HTTP/1.1\r\nHost: localhost\r\nDepth: 0\r\n%s\r\n",
                 cases[i].method, cases[i].fields);
        struct web_answer answer = web_raw(&harness, request, false);
        char *who = web_field(&answer, "WWW-Authenticate");
        cr_expect_eq(answer.code, cases[i].code, "%s: %d", cases[i].name,
                     answer.code);
        cr_expect((who != NULL) == (cases[i].code == 401), "%s", cases[i].name);
        cr_expect(who == NULL || strstr(who, "Basic realm=") != NULL, "%s",
                  cases[i].name);
        free(who);
        web_answer_fini(&answer);
    }
    harness_stop(&harness);
}

/* --- HTTP ----------------------------------------------------------------- */

Test(caldav_curl, goes_on_only_where_it_would_take_the_body, .timeout = SECONDS)
{
    static const char head[] =
        "PUT " ONE " HTTP/1.1\r\nHost: localhost\r\n%s"
        "Content-Type: text/calendar\r\nContent-Length: %zu\r\n"
        "Expect: %s\r\n\r\n";
    /* clang-format off */
    static const struct {
        const char *name;
        const char *fields;
        size_t len;
        const char *expect;
        int code;
    } cases[] = {
        { "taken",             WEB_ANN, sizeof event - 1,       "100-continue", 100 },
        { "too large",         WEB_ANN, (size_t)1 << 30,        "100-continue", 413 },
        { "some other wish",   WEB_ANN, sizeof event - 1,       "200-ok",       417 },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct link *link = web_open(&harness);
        char request[512];

        snprintf(request, sizeof request, head, cases[i].fields, cases[i].len,
                 cases[i].expect);
        link_send(link, request, strlen(request));
        struct web_answer answer = web_read(link, false);
        cr_expect_eq(answer.code, cases[i].code, "%s: %d", cases[i].name,
                     answer.code);
        if (answer.code == 100) {
            web_answer_fini(&answer);
            link_send(link, event, sizeof event - 1);
            answer = web_read(link, false);
            cr_expect_eq(answer.code, 201);
        }
        web_answer_fini(&answer);
        link_close(&link);
    }
    harness_stop(&harness);
}

Test(caldav_curl, head_says_what_get_says, .timeout = SECONDS)
{
    static const char *const targets[] = { ONE, WEB_CALENDAR };
    static const char *const fields[] = { "Content-Length", "Content-Type",
                                          "ETag" };
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    free(web_do(&harness, 201, "PUT", ONE, NULL, event));
    for (size_t i = 0; i < 2; i++) {
        struct link *link = web_open(&harness);
        struct web_answer get = web_ask(link, "GET", targets[i], NULL, NULL);
        struct web_answer head = web_ask(link, "HEAD", targets[i], NULL, NULL);

        cr_expect(get.code == 200 && head.code == 200, "%s: %d, %d", targets[i],
                  get.code, head.code);
        cr_expect(get.len > 0 && head.len == 0, "%s", targets[i]);
        for (size_t k = 0; k < 3; k++) {
            char *a = web_field(&get, fields[k]);
            char *b = web_field(&head, fields[k]);

            cr_expect((a == NULL) == (b == NULL) &&
                          (a == NULL || strcmp(a, b) == 0),
                      "%s: %s: %s, %s", targets[i], fields[k], a, b);
            free(a);
            free(b);
        }
        web_answer_fini(&get);
        web_answer_fini(&head);
        link_close(&link);
    }
    harness_stop(&harness);
}

Test(caldav_curl, keeps_conditions, .timeout = SECONDS)
{
    /* "%s" is the entity tag as it is then. */
    /* clang-format off */
    static const struct {
        const char *method;
        const char *field;
        int code;
    } cases[] = {
        { "GET",    "If-None-Match: %s\r\n",        304 },
        { "GET",    "If-None-Match: *\r\n",         304 },
        { "GET",    "If-None-Match: \"other\"\r\n", 200 },
        { "GET",    "If-Match: \"other\"\r\n",      412 },
        { "GET",    "If-Match: \"other\", %s\r\n",  200 },
        { "HEAD",   "If-None-Match: %s\r\n",        304 },
        { "PUT",    "If-None-Match: *\r\n",         412 },
        { "PUT",    "If-Match: \"other\"\r\n",      412 },
        { "PUT",    "If-Match: %s\r\n",             204 },
        { "PUT",    "If-Match: *\r\n",              204 },
        { "DELETE", "If-Match: \"other\"\r\n",      412 },
        { "DELETE", "If-Match: %s\r\n",             204 },
        { "PUT",    "If-Match: *\r\n",              412 },
        { "DELETE", "If-Match: *\r\n",              404 },
        { "PUT",    "If-None-Match: *\r\n",         201 },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    free(web_do(&harness, 201, "PUT", ONE, NULL, event));
    struct link *link = web_open(&harness);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct web_answer now = web_ask(link, "HEAD", ONE, NULL, NULL);
        char *tag = web_field(&now, "ETag");
        char field[256];

        snprintf(field, sizeof field, cases[i].field, tag);
        struct web_answer answer =
            web_ask(link, cases[i].method, ONE, field,
                    strcmp(cases[i].method, "PUT") == 0 ? event : NULL);
        cr_expect_eq(answer.code, cases[i].code, "%s with %s: %d",
                     cases[i].method, field, answer.code);
        web_answer_fini(&answer);
        web_answer_fini(&now);
        free(tag);
    }
    link_close(&link);
    harness_stop(&harness);
}

Test(caldav_curl, answers_requests_in_a_row_in_their_order, .timeout = SECONDS)
{
    static const int codes[] = { 201, 200, 404, 207, 204, 404, 200 };
    struct harness harness;
    struct buf requests;

    harness_start(&harness, EXCHANGE_2016, NULL);
    struct link *link = web_open(&harness);
    buf_init(&requests, NULL);
#define ASK(method, target)                                                    \
    method " " target " HTTP/1.1\r\n" WEB_ANN "Host: x\r\n"
    buf_printf(&requests, ASK("PUT", ONE) "Content-Length: %zu\r\n\r\n%s",
               sizeof event - 1, event);
    buf_puts(&requests, ASK("GET", ONE) "\r\n");
    buf_puts(&requests, ASK("GET", WEB_CALENDAR "no.ics") "\r\n");
    buf_puts(&requests, ASK("PROPFIND", "/") "Depth: 0\r\n\r\n");
    buf_puts(&requests, ASK("DELETE", ONE) "\r\n");
    buf_puts(&requests, ASK("GET", ONE) "\r\n");
    buf_puts(&requests, ASK("OPTIONS", "/") "\r\n");
#undef ASK
    link_send(link, requests.data, requests.len);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct web_answer answer = web_read(link, false);

        cr_expect_eq(answer.code, codes[i], "answer %zu: %d", i, answer.code);
        web_answer_fini(&answer);
    }
    buf_fini(&requests);
    link_close(&link);
    harness_stop(&harness);
}

Test(caldav_curl, closes_where_it_is_asked_to, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    struct link *link = web_open(&harness);
    struct web_answer answer =
        web_ask(link, "OPTIONS", "/", "Connection: close\r\n", NULL);
    char *connection = web_field(&answer, "Connection");

    cr_expect(connection != NULL && strcmp(connection, "close") == 0);
    cr_expect(link_is_closed(link, 10));
    free(connection);
    web_answer_fini(&answer);
    link_close(&link);
    harness_stop(&harness);
}
