/*
 * objects.c - see objects.h
 */
#include "tests/proxy/exchange/objects.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/ews.h"

/* --- Gateways ------------------------------------------------------------- */

static void set(struct office *office, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(office->settings, key, value, &error), "%s", error);
}

void office_log_in(struct office *office)
{
    struct secret *secret = secret_new(PASSWORD, strlen(PASSWORD));
    struct folder folder = { 0 };
    static const enum folder_use uses[] = { FOLDER_CALENDAR_MAIN,
                                            FOLDER_TASKS_MAIN,
                                            FOLDER_CONTACTS_MAIN };
    int64_t *ids[] = { &office->calendar, &office->tasks, &office->contacts };

    office->accounts = accounts_new(office->settings, &ews_backend);
    cr_assert_eq(account_login(&office->op, office->accounts, office->user,
                               secret, &office->account),
                 STATUS_OK);
    secret_free(&secret);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(
            folder_by_use(&office->op, office->account, uses[i], &folder),
            STATUS_OK);
        *ids[i] = folder.id;
    }
}

const char *office_patience = "1m";

static struct office open_at(struct exchange *exchange, const char *user,
                             const char *path)
{
    struct office office = { .exchange = exchange, .user = user };

    setenv("no_proxy", "127.0.0.1,localhost", 1);
    log_set_level(LOG_LEVEL_ERROR);
    office.settings = settings_new();
    office.arena = arena_new();
    op_init(&office.op, office.arena, "test/1");
    set(&office, "exchange.url", exchange_url(exchange));
    set(&office, "exchange.patience", office_patience);
    set(&office, "exchange.timeout", "10m");
    set(&office, "exchange.status_interval", "0");
    set(&office, "caldav.zone", "Europe/Berlin");
    set(&office, "store.path", path);
    if (strcmp(path, "memory") != 0)
        snprintf(office.directory, sizeof office.directory, "%s", path);
    office_log_in(&office);
    return office;
}

static struct exchange *new_exchange(enum exchange_version version)
{
    struct exchange *exchange = exchange_new(version);

    exchange_add_user(exchange, ANN, "Ann", PASSWORD, "en");
    exchange_add_user(exchange, BOB, "Bob", PASSWORD, "de");
    exchange_add_user(exchange, CAROL, "Carol", PASSWORD, "en");
    cr_assert(exchange_serve(exchange, 0, false, EXCHANGE_BASIC) != 0);
    return exchange;
}

struct office office_open(enum exchange_version version)
{
    return open_at(new_exchange(version), ANN, "memory");
}

struct office office_open_on_disk(enum exchange_version version)
{
    char directory[] = "/tmp/postern-objects-XXXXXX";

    cr_assert_not_null(mkdtemp(directory));
    return open_at(new_exchange(version), ANN, directory);
}

struct office office_beside(const struct office *office, const char *user)
{
    struct office other = open_at(office->exchange, user, "memory");

    other.borrowed = true;
    return other;
}

static void remove_state(const struct office *office)
{
    char command[128];

    if (office->directory[0] == '\0')
        return;
    snprintf(command, sizeof command, "rm -rf '%s'/*", office->directory);
    cr_expect_eq(system(command), 0);
}

void office_close(struct office *office)
{
    account_unref(&office->account);
    arena_free(&office->arena);
    accounts_free(&office->accounts);
    settings_free(&office->settings);
    remove_state(office);
    if (office->directory[0] != '\0')
        remove(office->directory);
    if (office->borrowed)
        return;
    exchange_stop(office->exchange);
    exchange_free(&office->exchange);
}

void office_restart(struct office *office, bool forget)
{
    account_unref(&office->account);
    accounts_free(&office->accounts);
    if (forget)
        remove_state(office);
    office_log_in(office);
}

/* --- Objects -------------------------------------------------------------- */

struct object_marks office_refresh(struct office *office, int64_t folder)
{
    struct object_marks marks = { 0 };
    enum status status =
        objects_refresh(&office->op, office->account, folder, &marks);

    cr_assert_eq(status, STATUS_OK, "%s: %s", status_name(status),
                 office->op.reason);
    return marks;
}

enum status office_put_if(struct office *office, int64_t folder,
                          const char *name, const char *text,
                          struct object_condition condition)
{
    return object_put(&office->op, office->account, folder, name, text,
                      strlen(text), &condition, &office->written);
}

enum status office_put(struct office *office, int64_t folder, const char *name,
                       const char *text)
{
    return office_put_if(office, folder, name, text,
                         (struct object_condition){ 0 });
}

enum status office_delete(struct office *office, int64_t folder,
                          const char *name)
{
    return object_delete(&office->op, office->account, folder, name, true,
                         NULL);
}

struct got {
    struct arena *arena;
    const char *text;
};

static bool take(void *context, size_t index, enum status status,
                 const struct object *object, const char *text, size_t len)
{
    struct got *got = context;

    (void)index, (void)object, (void)len;
    if (status == STATUS_OK)
        got->text = arena_strdup(got->arena, text);
    return true;
}

const char *office_get(struct office *office, int64_t folder, const char *name)
{
    return office_get_as(office, folder, name, VCARD_4);
}

const char *office_get_as(struct office *office, int64_t folder,
                          const char *name, enum vcard_version version)
{
    struct got got = { office->arena, NULL };
    enum status status = objects_read(&office->op, office->account, folder,
                                      &name, 1, version, take, &got);

    cr_expect_eq(status, STATUS_OK, "%s: %s", name, status_name(status));
    return got.text;
}

struct object office_find(struct office *office, int64_t folder,
                          const char *name)
{
    struct object object = { 0 };

    cr_assert_eq(
        objects_find(&office->op, office->account, folder, &name, 1, &object),
        STATUS_OK);
    return object;
}

const char *office_names(struct office *office, int64_t folder)
{
    struct object *objects;
    size_t count;
    struct buf text;

    buf_init(&text, office->arena);
    cr_assert_eq(
        objects_list(&office->op, office->account, folder, &objects, &count),
        STATUS_OK);
    for (size_t i = 0; i < count; i++)
        buf_printf(&text, "%s%s", i > 0 ? " " : "", objects[i].name);
    return text.len > 0 ? text.data : "";
}

const char *office_name_of(struct office *office, int64_t folder,
                           const char *part)
{
    struct object *objects;
    size_t count;

    office_refresh(office, folder);
    cr_assert_eq(
        objects_list(&office->op, office->account, folder, &objects, &count),
        STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        const char *text = office_get(office, folder, objects[i].name);
        if (text != NULL && strstr(text, part) != NULL)
            return objects[i].name;
    }
    return "";
}

struct office office_open_warm(void)
{
    struct office office = office_open(EXCHANGE_2016);

    office_refresh(&office, office.calendar);
    office_refresh(&office, office.tasks);
    office_refresh(&office, office.contacts);
    EXPECT_OK(office_put(&office, office.calendar, "warm.ics",
                         office_event(&office, "warm", "Warm", "")));
    office_get(&office, office.calendar, "warm.ics");
    office_calls(&office);
    return office;
}

/* --- Exchange ------------------------------------------------------------- */

size_t office_mails(const struct office *office, const char *user)
{
    return exchange_count(office->exchange, user, NULL);
}

unsigned office_calls(struct office *office)
{
    unsigned calls = exchange_calls(office->exchange, NULL) -
                     exchange_calls(office->exchange, "HTTP");

    exchange_reset_calls(office->exchange);
    return calls;
}

void office_fault(struct office *office, const char *operation,
                  enum exchange_fault fault, unsigned times)
{
    struct exchange_fault_rule rule = { operation, fault, 0, times, 0, NULL };

    exchange_set_fault(office->exchange, &rule);
}

/* --- Texts ---------------------------------------------------------------- */

const char *office_edit(struct office *office, const char *text,
                        const char *from, const char *to)
{
    const char *at = strstr(text, from);

    cr_assert_not_null(at, "there is no '%s' in\n%s", from, text);
    return arena_printf(office->arena, "%.*s%s%s", (int)(at - text), text, to,
                        at + strlen(from));
}

const char *office_event(struct office *office, const char *uid,
                         const char *summary, const char *lines)
{
    return arena_printf(
        office->arena,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n"
        "BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20380101T000000Z\r\n"
        "SUMMARY:%s\r\nDTSTART:20380301T100000Z\r\n"
        "DTEND:20380301T110000Z\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n",
        uid, summary, lines);
}

const char *office_task(struct office *office, const char *uid,
                        const char *summary, const char *lines)
{
    return arena_printf(
        office->arena,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n"
        "BEGIN:VTODO\r\nUID:%s\r\nDTSTAMP:20380101T000000Z\r\n"
        "SUMMARY:%s\r\n%sEND:VTODO\r\nEND:VCALENDAR\r\n",
        uid, summary, lines);
}

const char *office_card(struct office *office, const char *uid,
                        const char *name, const char *lines)
{
    return arena_printf(office->arena,
                        "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:%s\r\nFN:%s\r\n"
                        "N:;%s;;;\r\n%sEND:VCARD\r\n",
                        uid, name, name, lines);
}

static bool changes_by_itself(const char *line)
{
    /* Outlook has to know under which name to sort a contact. */
    static const char *const names[] = { "DTSTAMP",  "LAST-MODIFIED", "CREATED",
                                         "REV",      "SEQUENCE",      "PRODID",
                                         "X-FILE-AS" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(line, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

const char *office_plain(struct office *office, const char *text)
{
    struct buf whole, plain;

    buf_init(&whole, office->arena);
    buf_init(&plain, office->arena);
    for (const char *at = text; *at != '\0'; at++)
        if (strncmp(at, "\r\n ", 3) == 0)
            at += 2;
        else
            buf_append(&whole, at, 1);
    char **lines =
        str_split(office->arena, whole.data != NULL ? whole.data : "", "\r\n");
    for (size_t i = 0; lines[i] != NULL; i++)
        if (!changes_by_itself(lines[i]))
            buf_printf(&plain, "%s\n", lines[i]);
    return plain.data != NULL ? plain.data : "";
}
