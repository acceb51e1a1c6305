/*
 * test_reply.c - our status in SMTP's words
 */
#include "smtp/reply.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

#include "proxy/base/arena.h"

/* Tries again, or tells the user; 0 where only the code counts. */
static const struct {
    enum status status;
    const char *code;
} cases[] = {
    { STATUS_OK, "250 2.0.0" },
    { STATUS_BUSY, "451 4.3.2" },
    { STATUS_UNAVAILABLE, "451 4.3.0" },
    { STATUS_TIMEOUT, "451 4.4.7" },
    { STATUS_UNCERTAIN, "451 4.4.2" },
    { STATUS_RATE_LIMITED, "451 4.7.0" },
    { STATUS_AUTH_FAILED, "535 5.7.8" },
    { STATUS_DENIED, "550 5.7.1" },
    { STATUS_OVER_QUOTA, "552 5.2.2" },
    { STATUS_TOO_BIG, "552 5.3.4" },
    { STATUS_LIMIT, "452 4.5.3" },
    { STATUS_SENDER_DENIED, "550 5.7.60" },
    { STATUS_BAD_RECIPIENT, "550 5.1.3" },
    { STATUS_NO_RECIPIENT, "554 5.5.1" },
    { STATUS_BAD_CONTENT, "554 5.6.0" },
    { STATUS_INFECTED, "554 5.7.1" },
};

static const char *reply(struct arena *arena, enum status status,
                         void (*say)(struct smtp_reply *, enum status))
{
    struct smtp_reply made;

    smtp_reply_init(&made, arena);
    say(&made, status);
    return made.text.data;
}

Test(smtp_reply, has_the_codes_of_the_rfcs)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *line = reply(arena, cases[i].status, smtp_reply_sent);

        cr_expect(strncmp(line, cases[i].code, strlen(cases[i].code)) == 0,
                  "%s: %s", status_name(cases[i].status), line);
    }
    arena_free(&arena);
}

static bool is_well_formed(const char *line)
{
    size_t len = strlen(line);

    return len > 12 && len <= 512 && strcmp(line + len - 2, "\r\n") == 0 &&
           strchr("245", line[0]) != NULL && isdigit(line[1]) &&
           isdigit(line[2]) && line[3] == ' ' && line[4] == line[0] &&
           line[5] == '.' && isdigit(line[6]) && line[7] == '.';
}

Test(smtp_reply, has_a_word_for_everything)
{
    struct arena *arena = arena_new();

    for (int status = 0; status < STATUS_COUNT; status++) {
        const char *sent = reply(arena, (enum status)status, smtp_reply_sent);
        const char *login = reply(arena, (enum status)status, smtp_reply_login);

        cr_expect(is_well_formed(sent), "%s", sent);
        cr_expect(is_well_formed(login), "%s", login);
        cr_expect((sent[0] == '2') == (status == STATUS_OK), "%s", sent);
        cr_expect((login[0] == '2') == (status == STATUS_OK), "%s", login);
    }
    arena_free(&arena);
}

Test(smtp_reply, blames_the_password_only_when_it_is_wrong)
{
    struct arena *arena = arena_new();

    cr_expect(strncmp(reply(arena, STATUS_AUTH_FAILED, smtp_reply_login), "535",
                      3) == 0);
    cr_expect(strncmp(reply(arena, STATUS_UNAVAILABLE, smtp_reply_login),
                      "454 4.7.0", 9) == 0);
    cr_expect(strncmp(reply(arena, STATUS_BUSY, smtp_reply_login), "454 4.7.0",
                      9) == 0);
    arena_free(&arena);
}
