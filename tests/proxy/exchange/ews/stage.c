/*
 * stage.c - see stage.h
 */
#include "tests/proxy/exchange/ews/stage.h"

#include <criterion/criterion.h>

const char *const stage_team[4] = { "ann@example.com", "bob@example.com",
                                    "far@elsewhere.example", NULL };
static const char *const nobody[] = { NULL };

/* An X.509 certificate as far as anybody looks at it. */
#define CERTIFICATE "MAUwAwIBAQ=="

static void furnish(struct exchange *exchange)
{
    exchange_add_user(exchange, STAGE_USER, "Ann Lee", "secret", "en");
    exchange_add_user(exchange, "bob@example.com", "Bob Ray", "secret", "de");
    exchange_add_person(exchange, "far@elsewhere.example", "Far Away");
    exchange_add_room(exchange, "room1@example.com", "Room One");
    exchange_add_group(exchange, "team@example.com", "Team", stage_team);
    exchange_add_group(exchange, "empty@example.com", "Empty", nobody);
    exchange_add_group(exchange, "secret@example.com", "Secret", stage_team);
    exchange_hide_members(exchange, "secret@example.com", true);
    exchange_describe(exchange, STAGE_USER, "JobTitle", "Head");
    exchange_describe(exchange, STAGE_USER, "Department", "Sales");
    exchange_describe(exchange, STAGE_USER, "CompanyName", "Acme");
    exchange_describe(exchange, STAGE_USER, "OfficeLocation", "12");
    exchange_describe(exchange, STAGE_USER, "BusinessPhone", "+47 1");
    exchange_describe(exchange, STAGE_USER, "MobilePhone", "+47 2");
    exchange_describe(exchange, STAGE_USER, "Street", "1 Main St");
    exchange_describe(exchange, STAGE_USER, "City", "Oslo");
    exchange_describe(exchange, STAGE_USER, "ProxyAddress", "lee@example.com");
    exchange_describe(exchange, STAGE_USER, "ManagerMailbox",
                      "bob@example.com");
    exchange_describe(exchange, STAGE_USER, "MSExchangeCertificate",
                      CERTIFICATE);
    exchange_describe(exchange, STAGE_USER, "UserSMIMECertificate",
                      CERTIFICATE);
    exchange_set_photo(exchange, STAGE_USER, STAGE_PICTURE,
                       sizeof STAGE_PICTURE - 1);
}

void stage_begin(struct stage *stage, enum exchange_version version)
{
    stage->exchange = exchange_new(version);
    furnish(stage->exchange);
    cr_assert(exchange_serve(stage->exchange, 0, false, EXCHANGE_BASIC) != 0);
    mailbox_init(&stage->mailbox, exchange_url(stage->exchange));
    mailbox_set(&stage->mailbox, "store.path", "memory");
    stage->op = &stage->mailbox.op;
    cr_assert_eq(mailbox_open_as(&stage->mailbox, STAGE_USER, "secret"),
                 STATUS_OK, "%s", stage->op->reason);
    stage->remote = stage->mailbox.remote;
    exchange_reset_calls(stage->exchange);
}

void stage_end(struct stage *stage)
{
    mailbox_fini(&stage->mailbox);
    exchange_stop(stage->exchange);
    exchange_free(&stage->exchange);
}

void stage_expect_ann(const struct person *ann, bool all)
{
    cr_expect_str_eq(ann->id, STAGE_USER);
    cr_expect_eq(ann->kind, PERSON_USER);
    cr_expect_str_eq(ann->addresses[0], STAGE_USER);
    cr_expect_str_eq(ann->addresses[1], "lee@example.com");
    cr_expect_null(ann->addresses[2]);
    cr_expect_str_eq(ann->contact.text[CONTACT_DISPLAY_NAME], "Ann Lee");
    cr_expect_str_eq(ann->contact.text[CONTACT_GIVEN_NAME], "Ann");
    cr_expect_str_eq(ann->contact.text[CONTACT_SURNAME], "Lee");
    cr_expect_str_eq(ann->contact.text[CONTACT_JOB_TITLE], "Head");
    cr_expect_str_eq(ann->contact.text[CONTACT_DEPARTMENT], "Sales");
    cr_expect_str_eq(ann->contact.text[CONTACT_COMPANY], "Acme");
    cr_expect_str_eq(ann->contact.text[CONTACT_OFFICE], "12");
    cr_expect_str_eq(ann->contact.phone[PHONE_WORK], "+47 1");
    cr_expect_str_eq(ann->contact.phone[PHONE_MOBILE], "+47 2");
    cr_expect_str_eq(ann->contact.place[PLACE_WORK].street, "1 Main St");
    cr_expect_str_eq(ann->contact.place[PLACE_WORK].city, "Oslo");
    if (!all)
        return;
    cr_expect_str_eq(ann->alias, "ann");
    cr_assert_not_null(ann->contact.certificates);
    cr_expect_str_eq(ann->contact.certificates[0], CERTIFICATE);
    cr_expect_null(ann->contact.certificates[1]);
    cr_expect(ann->contact.has_photo);
}
