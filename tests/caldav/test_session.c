/*
 * test_session.c - what the log says of requests
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "tests/caldav/client.h"

/* What is logged at the level debug while `requests` are answered. */
static char *log_of(struct dav_world *world, const char *requests)
{
    FILE *file = tmpfile();
    int before = dup(STDERR_FILENO);
    char *text = calloc(1, 100000);

    cr_assert(file != NULL && before >= 0);
    unsetenv("JOURNAL_STREAM");
    dup2(fileno(file), STDERR_FILENO);
    log_set_level(LOG_LEVEL_DEBUG);
    dav_pipeline(world, requests);
    log_set_level(LOG_LEVEL_ERROR);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(file);
    cr_assert(fread(text, 1, 99999, file) > 0);
    fclose(file);
    return text;
}

Test(caldav_session, tells_each_request_in_a_line_without_secrets)
{
    struct dav_world *world = dav_world_new();
    char *text =
        log_of(world, "GET " HOME "calendar/a.ics?attachment=hush HTTP/1.1\r\n"
                      "Host: localhost\r\n" AS_ANN "\r\n"
                      "PROPFIND " HOME " HTTP/1.1\r\nHost: localhost\r\n" AS_ANN
                      "Depth: 0\r\n\r\n"
                      "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n");

    cr_expect_eq(dav_count(text, " status="), 3, "%s", text);
    cr_expect(strstr(text, "method=\"GET\" target=\"" HOME
                           "calendar/a.ics\" status=404 milliseconds="),
              "%s", text);
    cr_expect(
        strstr(text, "method=\"PROPFIND\" target=\"" HOME "\" status=207 "),
        "%s", text);
    cr_expect(strstr(text, "method=\"OPTIONS\" target=\"*\" status=200 "), "%s",
              text);
    cr_expect(strstr(text, "hush") == NULL, "%s", text);
    cr_expect(strstr(text, "YW5uQGV4") == NULL, "%s", text);
    free(text);
    dav_world_free(&world);
}
