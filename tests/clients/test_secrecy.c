/*
 * test_secrecy.c - passwords and mail are seen by those whom they are for
 */
#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/program.h"
#include "tests/clients/script.h"
#include "tests/clients/web.h"

#define CARL "carl@postern.example"
#define RIGHT "Green-Forest-7"
#define WRONG "Green-Forest-8"

/* --- Logging in at every door ----------------------------------------------
 */

static char *encode(struct arena *arena, const char *data, size_t len)
{
    char *text = arena_alloc(arena, base64_encoded_size(len) + 1);

    base64_encode(data, len, text);
    return text;
}

static char *encoded(struct arena *arena, const char *text)
{
    return encode(arena, text, strlen(text));
}

static char *as_plain(struct arena *arena, const char *password)
{
    char text[128];
    int len = snprintf(text, sizeof text, "%c" CARL "%c%s", 0, 0, password);

    return encode(arena, text, (size_t)len);
}

static char *as_basic(struct arena *arena, const char *password)
{
    return encoded(arena, arena_printf(arena, CARL ":%s", password));
}

static void play(const struct harness *harness, uint16_t port,
                 const char *script)
{
    struct link *link = link_open(port);

    script_play(harness, link, script);
    link_close(&link);
}

static void log_in(const struct harness *harness, struct arena *arena,
                   const char *password, bool good)
{
    char *url = arena_printf(arena, "ldap://127.0.0.1:%u", harness->ldap);
    const char *args[] = { "-x", "-H", url, "-D", CARL, "-w", password, NULL };
    struct program whoami = { .name = "ldapwhoami" };

    play(harness, harness->imap,
         arena_printf(arena,
                      "S: *\nC: a LOGIN " CARL " %s\nS. a %s *\n"
                      "C: z LOGOUT\nE:\n",
                      password, good ? "OK" : "NO"));
    play(harness, harness->imap,
         arena_printf(arena,
                      "S: *\nC: a AUTHENTICATE PLAIN %s\nS. a %s *\n"
                      "C: z LOGOUT\nE:\n",
                      as_plain(arena, password), good ? "OK" : "NO"));
    play(harness, harness->smtp,
         arena_printf(arena,
                      "S: 220 *\nC: EHLO x\nS. 250 *\nC: AUTH LOGIN %s\n"
                      "S: 334 *\nC: %s\nS: %s *\nC: QUIT\nE:\n",
                      encoded(arena, CARL), encoded(arena, password),
                      good ? "235" : "535"));
    struct web_answer answer = web_raw(
        harness,
        arena_printf(arena,
                     "PROPFIND /users/" CARL "/ HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: 0\r\nDepth: 0\r\n"
                     "Authorization: Basic %s\r\nConnection: close\r\n\r\n",
                     as_basic(arena, password)),
        false);
    cr_expect_eq(answer.code, good ? 207 : 401);
    web_answer_fini(&answer);
    program_run(&whoami, harness, args);
    cr_expect_eq(whoami.status, good ? 0 : 49, "%s", whoami.output);
    program_fini(&whoami);
}

static void log_in_everywhere(struct harness *harness, struct arena *arena)
{
    exchange_add_user(harness->exchange, CARL, "Carl Example", RIGHT, "en");
    log_in(harness, arena, RIGHT, true);
    log_in(harness, arena, WRONG, false);
}

Test(secrecy, no_password_is_in_the_log_in_any_form, .timeout = SECONDS)
{
    static const char *const passwords[] = { RIGHT, WRONG };
    struct arena *arena = arena_new();
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, "[log]\nlevel = debug\n");
    log_in_everywhere(&harness, arena);
    char *log = harness_log(&harness);
    cr_expect_not_null(strstr(log, CARL));
    for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++) {
        const char *const forms[] = { passwords[i],
                                      encoded(arena, passwords[i]),
                                      as_plain(arena, passwords[i]),
                                      as_basic(arena, passwords[i]) };

        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
            cr_expect_null(strstr(log, forms[k]), "%s: %s", forms[k], log);
    }
    free(log);
    harness_stop(&harness);
    arena_free(&arena);
}

/* --- Typing it -------------------------------------------------------------
 */

Test(secrecy, what_is_typed_for_a_check_is_not_shown, .timeout = SECONDS)
{
    struct harness harness;
    const char *named = getenv("POSTERN");
    char *program = realpath(named != NULL ? named : "build/postern", NULL);
    char *talk;

    cr_assert_not_null(program);
    cr_assert(asprintf(&talk,
                       "set timeout 300\n"
                       "spawn -noecho %s check -c postern.conf --user " ANN "\n"
                       "expect \"Password: \"\n"
                       "send \"" PASSWORD "\\r\"\n"
                       "expect eof\n",
                       program) > 0);
    harness_start(&harness, EXCHANGE_2016, NULL);
    char *shown =
        program_succeed(&harness, (const char *[]){ "expect", NULL }, talk);
    cr_expect_not_null(strstr(shown, "ok   login        " ANN), "%s", shown);
    cr_expect_null(strstr(shown, PASSWORD), "%s", shown);
    free(shown);
    free(talk);
    free(program);
    harness_stop(&harness);
}

/* --- What is kept -----------------------------------------------------------
 */

static size_t files_seen;

static bool has_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "rb");
    char *all = NULL;
    size_t size = 0;

    cr_assert_not_null(file, "%s", path);
    bool found = getdelim(&all, &size, EOF, file) > 0 &&
                 memmem(all, size, text, strlen(text)) != NULL;
    free(all);
    fclose(file);
    return found;
}

static int look_at(const char *path, const struct stat *about, int kind,
                   struct FTW *place)
{
    (void)place;
    cr_expect_eq(about->st_mode & (S_IRWXG | S_IRWXO), 0, "%s: %o", path,
                 about->st_mode);
    if (kind == FTW_F) {
        files_seen++;
        cr_expect_not(has_text(path, RIGHT), "%s", path);
    }
    return 0;
}

Test(secrecy, what_is_kept_is_for_its_owner_and_has_no_password,
     .timeout = SECONDS)
{
    struct arena *arena = arena_new();
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 3);
    script_imap(&harness, "C: b SELECT INBOX\nS. b OK *\n"
                          "C: c FETCH 1:* BODY[]\nS. c OK *\n");
    log_in_everywhere(&harness, arena);
    char *state = harness_path(&harness, "state");
    cr_expect_eq(nftw(state, look_at, 8, FTW_PHYS), 0);
    cr_expect_geq(files_seen, 2, "%zu files", files_seen);
    free(state);
    harness_stop(&harness);
    arena_free(&arena);
}

/* One who has asked for it gets no core either. */
Test(secrecy, memory_is_not_dumped_when_the_gateway_dies, .timeout = SECONDS)
{
    struct harness harness;
    struct rlimit limit;

    cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_CORE, &limit), 0);
    harness_start(&harness, EXCHANGE_2016, NULL);
    cr_assert_eq(prlimit(harness.daemon, RLIMIT_CORE, NULL, &limit), 0);
    cr_expect_eq(limit.rlim_cur, 0);
    harness_stop(&harness);
}
