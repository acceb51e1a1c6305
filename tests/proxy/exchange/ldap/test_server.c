/*
 * test_server.c - people found at an LDAP server behind us, which is OpenLDAP's
 */
#include "proxy/exchange/ldap/server.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "tests/proxy/exchange/ldap/slapd.h"

struct office {
    struct slapd slapd;
    struct settings *settings;
    struct arena *arena;
    struct op op;
    struct remote *remote;
};

static void set(struct office *office, const char *key, const char *value)
{
    char *problem = NULL;

    cr_assert(settings_set(office->settings, key, value, &problem), "%s",
              problem);
}

static void set_server(struct office *office, bool tls)
{
    char url[64];

    snprintf(url, sizeof url, "%s://127.0.0.1:%d", tls ? "ldaps" : "ldap",
             tls ? office->slapd.tls_port : office->slapd.port);
    set(office, "directory.server", url);
}

static void office_begin(struct office *office, const struct slapd_kind *kind,
                         const char *entries)
{
    memset(office, 0, sizeof *office);
    if (!slapd_is_installed())
        cr_skip_test("slapd is not installed");
    signal(SIGPIPE, SIG_IGN); /* as the gateway has it */
    slapd_begin(&office->slapd, kind, entries);
    office->settings = settings_new();
    office->arena = arena_new();
    op_init(&office->op, office->arena, "test");
    set_server(office, true);
    set(office, "directory.server_bind", "uid=%u,ou=people," SLAPD_BASE);
    set(office, "exchange.ca", office->slapd.ca_file);
}

static enum status open_as(struct office *office, const char *user,
                           const char *password)
{
    struct secret *secret = secret_new(password, strlen(password));
    struct remote_account about;
    enum status status =
        ldap_server_backend.open(&office->op, office->settings, user, NULL,
                                 secret, &office->remote, &about);

    secret_free(&secret);
    return status;
}

static void office_open(struct office *office)
{
    cr_assert_eq(open_as(office, "ann", "ann"), STATUS_OK, "%s",
                 office->op.reason);
}

static void office_end(struct office *office)
{
    ldap_server_backend.close(&office->remote);
    arena_free(&office->arena);
    settings_free(&office->settings);
    slapd_end(&office->slapd);
}

static const struct remote_directory *slots(void)
{
    return ldap_server_backend.directory;
}

/* The addresses of whom it finds, in the order of the letters. */
static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *found(struct office *office, const char *text)
{
    const char *ids[1000];
    struct person *people;
    struct buf list;
    size_t count;
    bool complete;

    cr_assert_eq(slots()->find(&office->op, office->remote, text, 100, &people,
                               &count, &complete),
                 STATUS_OK, "%s", office->op.reason);
    cr_expect(complete);
    buf_init(&list, office->arena);
    for (size_t i = 0; i < count; i++)
        ids[i] = people[i].id;
    qsort(ids, count, sizeof ids[0], compare);
    for (size_t i = 0; i < count; i++)
        buf_printf(&list, "%s%s", i > 0 ? " " : "", ids[i]);
    return list.data;
}

/* --- Finding -------------------------------------------------------------- */

Test(ldap_server, finds_people_by_the_beginning_of_a_word)
{
    static const struct {
        const char *text;
        const char *people;
    } cases[] = {
        { "ann", "ann@example.com" },
        { "exa", "ann@example.com bert@example.com" },
        { "Ann Exa", "ann@example.com" },
        { "example, a", "ann@example.com" },
        { "ber", "bert@example.com" },
        { "xample", "" },
        { "bak", "bakers@example.com" },
        { "ov", "oven@example.com" },
        { "smtp:ann.example@example.com", "ann@example.com" },
        { "smtp:ann", "" },
        { "smtp:*", "" },
        { "a*", "" },
        { "a)(uid=*", "" },
        { "\\2a", "" },
        { "", "" },
    };
    struct office office;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    office_open(&office);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(found(&office, cases[i].text), cases[i].people,
                         "\"%s\"", cases[i].text);
    office_end(&office);
}

Test(ldap_server, tells_what_an_entry_says)
{
    struct office office;
    struct person *people;
    size_t count;
    bool complete;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    office_open(&office);
    cr_assert_eq(slots()->find(&office.op, office.remote, "ann", 10, &people,
                               &count, &complete),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    const struct person *ann = &people[0];
    cr_expect_str_eq(ann->id, "ann@example.com");
    cr_expect_str_eq(ann->alias, "ann");
    cr_expect_str_eq(ann->addresses[0], "Ann@example.com");
    cr_expect_str_eq(ann->addresses[1], "ann.example@example.com");
    cr_expect_null(ann->addresses[2]);
    cr_expect_str_eq(ann->contact.text[CONTACT_DISPLAY_NAME], "Ann Example");
    cr_expect_str_eq(ann->contact.text[CONTACT_JOB_TITLE], "Baker");
    cr_expect_str_eq(ann->contact.phone[PHONE_WORK], "+49 30 1234");
    cr_expect_str_eq(ann->manager.name, "Bert van Example");
    cr_expect_str_eq(ann->manager.address, "bert@example.com");
    cr_expect_eq(ann->kind, PERSON_USER);
    cr_expect_not(ann->personal);

    cr_assert_eq(slots()->find(&office.op, office.remote,
                               "smtp:oven@example.com", 10, &people, &count,
                               &complete),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    cr_expect_eq(people[0].kind, PERSON_ROOM);
    office_end(&office);
}

Test(ldap_server, says_when_there_are_more_than_wanted)
{
    struct office office;
    struct person *people;
    size_t count;
    bool complete;

    office_begin(&office, &(struct slapd_kind){ .crowd = 700 }, "");
    office_open(&office);
    static const struct {
        size_t limit, count;
        bool complete;
    } cases[] = {
        { 100, 100, false }, { 600, 600, false }, { 700, 700, true },
        { 0, 700, true },    { 1, 1, false },     { 701, 700, true }
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_assert_eq(slots()->find(&office.op, office.remote, "crowd",
                                   cases[i].limit, &people, &count, &complete),
                     STATUS_OK, "%s", office.op.reason);
        cr_expect_eq(count, cases[i].count, "%zu: %zu", cases[i].limit, count);
        cr_expect_eq(complete, cases[i].complete, "%zu", cases[i].limit);
    }
    office_end(&office);
}

static bool count_people(void *context, const struct person *person)
{
    size_t *count = context;

    cr_expect_not_null(strchr(person->id, '@'));
    (*count)++;
    return *count != 5000;
}

Test(ldap_server, tells_of_everybody_page_by_page)
{
    struct office office;
    size_t count = 0;
    bool complete;

    office_begin(&office, &(struct slapd_kind){ .crowd = 1200 }, "");
    office_open(&office);
    cr_assert_eq(slots()->all(&office.op, office.remote, count_people, &count,
                              &complete),
                 STATUS_OK, "%s", office.op.reason);
    cr_expect(complete);
    cr_expect_eq(count, 1200 + 4, "%zu", count);
    count = 4990;
    cr_expect_eq(slots()->all(&office.op, office.remote, count_people, &count,
                              &complete),
                 STATUS_CANCELLED);
    cr_expect_eq(count, 5000);
    office_end(&office);
}

/* --- Groups and pictures -------------------------------------------------- */

Test(ldap_server, tells_who_is_in_a_group)
{
    struct office office;
    struct person_link *members;
    size_t count;
    bool complete;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    office_open(&office);
    cr_assert_eq(slots()->members(&office.op, office.remote,
                                  "bakers@example.com", &members, &count,
                                  &complete),
                 STATUS_OK, "%s", office.op.reason);
    cr_assert_eq(count, 2);
    cr_expect_str_eq(members[0].address, "Ann@example.com");
    cr_expect_str_eq(members[0].name, "Ann Example");
    cr_expect_str_eq(members[1].address, "bert@example.com");
    cr_expect(complete);
    cr_expect_eq(slots()->members(&office.op, office.remote,
                                  "nobody@example.com", &members, &count,
                                  &complete),
                 STATUS_NOT_FOUND);
    office_end(&office);
}

Test(ldap_server, gives_pictures)
{
    struct office office;
    const void *data;
    size_t len;
    const char *type;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    office_open(&office);
    cr_assert_eq(slots()->photo(&office.op, office.remote, "bert@example.com",
                                96, &data, &len, &type),
                 STATUS_OK);
    cr_expect_eq(len, 10);
    cr_expect_arr_eq(data, "\xff\xd8\xff\xe0", 4);
    cr_expect_str_eq(type, "image/jpeg");
    cr_expect_eq(slots()->photo(&office.op, office.remote, "ann@example.com",
                                96, &data, &len, &type),
                 STATUS_NOT_FOUND);
    office_end(&office);
}

/* --- Active Directory ----------------------------------------------------- */

Test(ldap_server, asks_active_directory_by_its_own_filter)
{
    struct office office;

    office_begin(&office, &(struct slapd_kind){ .like_active_directory = true },
                 "");
    office_open(&office);
    cr_expect_str_eq(found(&office, "ann"), "ann@example.com");
    cr_expect_str_eq(found(&office, "exa"), ""); /* no word of that filter's */

    struct person *people;
    size_t count;
    bool complete;
    cr_assert_eq(slots()->find(&office.op, office.remote, "ann", 10, &people,
                               &count, &complete),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(people[0].manager.address, "bert@example.com");
    office_end(&office);
}

/* --- Being let in --------------------------------------------------------- */

Test(ldap_server, lets_nobody_in_whom_the_server_refuses)
{
    static const struct {
        const char *user;
        const char *password;
        enum status status;
    } cases[] = {
        { "ann", "wrong", STATUS_DENIED },
        { "nobody", "ann", STATUS_DENIED },
        { "ann", "", STATUS_DENIED },
        { "ann,ou=people", "ann", STATUS_DENIED },
        { "a\\nn", "ann", STATUS_DENIED },
        { "*", "ann", STATUS_DENIED },
        { "ann", "ann", STATUS_OK },
    };
    struct office office;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect_eq(open_as(&office, cases[i].user, cases[i].password),
                     cases[i].status, "%s: %s", cases[i].user,
                     office.op.reason);
        cr_expect_eq(office.remote != NULL, cases[i].status == STATUS_OK);
    }
    office_end(&office);
}

Test(ldap_server, says_no_password_without_tls)
{
    struct office office;

    office_begin(&office, &(struct slapd_kind){ .no_tls = true }, "");
    set_server(&office, false);
    cr_expect_neq(open_as(&office, "ann", "ann"), STATUS_OK);
    cr_expect_null(office.remote);
    set(&office, "directory.server_plain", "yes");
    office_open(&office);
    cr_expect_str_eq(found(&office, "ann"), "ann@example.com");
    office_end(&office);
}

Test(ldap_server, encrypts_a_plain_connection_where_it_can)
{
    struct office office;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    set_server(&office, false);
    office_open(&office);
    cr_expect_str_eq(found(&office, "ann"), "ann@example.com");
    office_end(&office);
}

Test(ldap_server, believes_no_certificate_of_a_stranger)
{
    static const bool ways[] = { true, false };
    struct office office;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    set(&office, "exchange.ca", "");
    set(&office, "directory.server_plain", "yes");
    for (size_t i = 0; i < 2; i++) {
        set_server(&office, ways[i]);
        cr_expect_neq(open_as(&office, "ann", "ann"), STATUS_OK);
        cr_expect_null(office.remote);
    }
    office_end(&office);
}

/* --- Trouble -------------------------------------------------------------- */

Test(ldap_server, opens_a_connection_anew_that_was_cut)
{
    struct office office;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    office_open(&office);
    cr_expect_str_eq(found(&office, "ann"), "ann@example.com");
    slapd_restart(&office.slapd);
    cr_expect_str_eq(found(&office, "ann"), "ann@example.com");
    office_end(&office);
}

/* A server that takes connections and says nothing. */
static int listen_mute(struct office *office)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char url[64];

    cr_assert_eq(bind(fd, (struct sockaddr *)&address, len), 0);
    cr_assert_eq(listen(fd, 8), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(url, sizeof url, "ldap://127.0.0.1:%d", ntohs(address.sin_port));
    set(office, "directory.server", url);
    return fd;
}

Test(ldap_server, waits_for_a_mute_server_only_so_long)
{
    struct office office;

    office_begin(&office, &(struct slapd_kind){ 0 }, "");
    int fd = listen_mute(&office);
    set(&office, "exchange.connect_timeout", "1");
    enum status status = open_as(&office, "ann", "ann");
    cr_expect(status == STATUS_TIMEOUT || status == STATUS_UNAVAILABLE, "%s",
              status_name(status));
    close(fd);
    office_end(&office);
}
