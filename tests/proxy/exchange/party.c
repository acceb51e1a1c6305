/*
 * party.c - see party.h
 */
#include "tests/proxy/exchange/party.h"

#include <criterion/criterion.h>
#include <string.h>

struct party party_open(void)
{
    struct party party = { .ann = office_open(EXCHANGE_2016) };

    party.bob = office_beside(&party.ann, BOB);
    office_refresh(&party.ann, party.ann.calendar);
    office_refresh(&party.bob, party.bob.calendar);
    return party;
}

void party_close(struct party *party)
{
    office_close(&party->bob);
    office_close(&party->ann);
}

void party_expect_mails(struct party *party, const char *what, size_t ann,
                        size_t bob, size_t carol)
{
    static const char *const users[] = { ANN, BOB, CAROL };
    const size_t expected[] = { ann, bob, carol };

    for (size_t i = 0; i < 3; i++) {
        size_t now = office_mails(&party->ann, users[i]);
        cr_expect_eq(now - party->mails[i], expected[i],
                     "%s: %s got %zd mails, not %zu", what, users[i],
                     (ssize_t)(now - party->mails[i]), expected[i]);
        party->mails[i] = now;
    }
}

enum status party_put(struct office *office, const char *name, const char *text)
{
    enum status status = office_put(office, office->calendar, name, text);

    if (status != STATUS_OK)
        cr_log_info("%s: %s", name,
                    office->op.reason != NULL ? office->op.reason : "");
    return status;
}

const char *party_get(struct office *office, const char *name)
{
    office_refresh(office, office->calendar);
    const char *text = office_get(office, office->calendar, name);
    return text != NULL ? office_plain(office, text) : "";
}

const char *party_fetch(struct office *office, const char *name)
{
    office_refresh(office, office->calendar);
    const char *text = office_get(office, office->calendar, name);
    cr_assert_not_null(text, "%s is not there", name);
    struct arena *arena = office->arena;
    const char *plain = "";
    for (const char *at = text; *at != '\0';) {
        const char *fold = strstr(at, "\r\n ");
        size_t len = fold != NULL ? (size_t)(fold - at) : strlen(at);
        plain = arena_printf(arena, "%s%.*s", plain, (int)len, at);
        at += len + (fold != NULL ? 3 : 0);
    }
    return plain;
}
