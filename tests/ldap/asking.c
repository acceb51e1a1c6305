/*
 * asking.c - searches put to the gateway as functions are called
 */
#include "tests/ldap/asking.h"

#include <string.h>

#include <criterion/criterion.h>

#include "ldap/ber.h"
#include "ldap/offers.h"
#include "ldap/reply.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "tests/ldap/filter_text.h"

#define PICTURE "\xff\xd8\xff\xe0 a picture \xff\xd9"

/* --- Who there is --------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *address;
    const char *element;
    const char *text;
} facts[] = {
    { "ann@example.com",   "GivenName", "Ann" },
    { "ann@example.com",   "Surname", "Alba" },
    { "ann@example.com",   "JobTitle", "Boss" },
    { "bob@example.com",   "JobTitle", "Baker" },
    { "bob@example.com",   "Department", "Bakery" },
    { "bob@example.com",   "BusinessPhone", "+49 30 1234-56" },
    { "bob@example.com",   "OfficeLocation", "B1" },
    { "bob@example.com",   "ManagerMailbox", "ann@example.com" },
    { "bob@example.com",   "ProxyAddress", "robert@example.com" },
    { "bob@example.com",   "Street", "1 High $t" },
    { "bob@example.com",   "City", "Berlin" },
    { "bob@example.com",   "UserSMIMECertificate", "MAQwAgUA" },
};
/* clang-format on */

static void fill(struct exchange *exchange)
{
    static const char *const smiths[] = { "Adam Smith", "Betty Smith",
                                          "Chris Smith", "Dora Smithers" };
    static const char *const members[] = { "ann@example.com", "bob@example.com",
                                           NULL };

    exchange_rename_person(exchange, "ann@example.com", "Ann Alba");
    exchange_rename_person(exchange, "bob@example.com", "Bob Berg");
    exchange_rename_person(exchange, "carol@example.com", "Carol Carter");
    for (size_t i = 0; i < sizeof smiths / sizeof *smiths; i++) {
        char address[] = "smith0@example.com";

        address[5] = (char)('0' + i);
        exchange_add_person(exchange, address, smiths[i]);
    }
    exchange_add_room(exchange, "ritz@example.com", "The Ritz");
    exchange_add_group(exchange, "crew@example.com", "Kitchen Crew", members);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        exchange_describe(exchange, facts[i].address, facts[i].element,
                          facts[i].text);
    exchange_set_photo(exchange, "bob@example.com", PICTURE,
                       sizeof PICTURE - 1);
}

void asking_set(struct asking *asking, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(asking->office.settings, key, value, &error), "%s",
              error);
}

struct asking asking_open(void)
{
    struct asking asking = { .office = office_open(EXCHANGE_2016) };
    struct office *office = &asking.office;

    fill(office->exchange);
    cr_assert_eq(office_put(office, office->contacts, "mia.vcf",
                            office_card(office, "mia", "Mia M\xc3\xbcller",
                                        "N:M\xc3\xbcller;Mia;;;\r\n"
                                        "NICKNAME:Mimi\r\n"
                                        "EMAIL:mia@example.org\r\n"
                                        "TITLE:Gardener\r\n"
                                        "BDAY:1980-02-29\r\n")),
                 STATUS_OK);
    asking_set(&asking, "exchange.status_interval", "1h");
    office_calls(office);
    return asking;
}

void asking_close(struct asking *asking)
{
    ldap_paging_free(&asking->paging);
    office_close(&asking->office);
}

/* --- Hearing -------------------------------------------------------------- */

struct ear {
    struct arena *arena;
    struct heard heard;
    struct buf entries, names, dns;
};

static void put_value(struct buf *out, const char *data, size_t len)
{
    if (utf8_valid(data, len) && memchr(data, '\0', len) == NULL) {
        buf_append(out, data, len);
        return;
    }
    for (size_t i = 0; i < len; i++)
        buf_printf(out, "%02x", (unsigned char)data[i]);
}

static void hear_attribute(struct ear *ear, struct ber_reader attribute)
{
    const char *name = NULL;
    struct ber_reader values;
    struct octets value;

    cr_assert(ber_take_text(&attribute, BER_OCTETS, ear->arena, &name));
    cr_assert(ber_take(&attribute, BER_SET, &values));
    buf_printf(&ear->entries, "%s=", name);
    for (size_t i = 0; ber_take_octets(&values, BER_OCTETS, ear->arena, &value);
         i++) {
        buf_puts(&ear->entries, i > 0 ? "," : "");
        put_value(&ear->entries, value.data, value.len);
    }
}

static void hear_entry(struct ear *ear, struct ber_reader entry)
{
    struct ber_reader list, attribute;
    const char *dn = NULL, *line = NULL;
    size_t from = ear->entries.len;
    bool first = ear->heard.count++ == 0;

    cr_assert(ber_take_text(&entry, BER_OCTETS, ear->arena, &dn));
    cr_assert(ber_take(&entry, BER_SEQUENCE, &list));
    buf_printf(&ear->dns, "%s%s", first ? "" : "|", dn);
    for (size_t i = 0; ber_take(&list, BER_SEQUENCE, &attribute); i++) {
        buf_puts(&ear->entries, i > 0 ? " " : "");
        hear_attribute(ear, attribute);
    }
    line = memchr(ear->entries.data + from, '=', ear->entries.len - from);
    buf_printf(&ear->names, "%s%s", first ? "" : ", ",
               line != NULL ? line + 1 : "-");
    buf_putc(&ear->entries, '\n');
}

static bool hear(void *context, const char *data, size_t len)
{
    struct ear *ear = context;
    struct ber_reader reader = ber_reader(data, len), message, entry;
    int32_t id = 0;

    cr_assert(ber_take(&reader, BER_SEQUENCE, &message));
    cr_assert(ber_take_integer(&message, BER_INTEGER, 0, &id));
    cr_assert(ber_take(&message, LDAP_SEARCH_ENTRY, &entry));
    hear_entry(ear, entry);
    return true;
}

/* --- Asking --------------------------------------------------------------- */

static struct ldap_call call_of(struct asking *asking,
                                const struct ldap_request *request,
                                struct ldap_reply *reply)
{
    return (struct ldap_call){
        .op = &asking->office.op,
        .settings = asking->office.settings,
        .account = asking->anonymous ? NULL : asking->office.account,
        .private_link = true,
        .request = request,
        .reply = reply,
        .paging = &asking->paging,
    };
}

struct heard asking_search(struct asking *asking,
                           const struct question *question)
{
    struct arena *arena = asking->office.arena;
    struct ear ear = { .arena = arena };
    struct ldap_reply reply = { ++asking->messages, hear, &ear, false, false };
    const char *attributes =
        question->attributes != NULL ? question->attributes : "cn";
    struct ldap_request request = {
        .id = asking->messages,
        .operation = LDAP_SEARCH,
        .search = {
            .base = question->base != NULL ? question->base : "ou=people",
            .scope = question->scope,
            .size_limit = question->size_limit,
            .types_only = question->types_only,
            .filter = filter_of(arena, question->filter),
            .attributes =
                (const char *const *)str_split(arena, attributes, " "),
        },
        .controls = question->controls,
        .control_count = question->control_count,
    };
    struct ldap_call call = call_of(asking, &request, &reply);

    buf_init(&ear.entries, arena);
    buf_init(&ear.names, arena);
    buf_init(&ear.dns, arena);
    buf_puts(&ear.entries, "");
    buf_puts(&ear.names, "");
    buf_puts(&ear.dns, "");
    ear.heard.result = ldap_search_run(&call);
    ear.heard.entries = ear.entries.data;
    ear.heard.names = ear.names.data;
    ear.heard.dns = ear.dns.data;
    return ear.heard;
}

struct ldap_result asking_compare(struct asking *asking, const char *dn,
                                  const char *attribute, const char *value)
{
    const struct ldap_request request = {
        .id = ++asking->messages,
        .operation = LDAP_COMPARE,
        .compare = { dn, attribute, { value, strlen(value) } },
    };
    struct ldap_reply reply = { .id = asking->messages };
    struct ldap_call call = call_of(asking, &request, &reply);

    return ldap_compare_run(&call);
}

/* --- Controls ------------------------------------------------------------- */

static struct ldap_control finish(struct asking *asking, const char *oid,
                                  bool critical, struct ber_writer *writer)
{
    ber_close(writer);
    return (struct ldap_control){ oid, critical, true,
                                  ber_finish(&writer, asking->office.arena) };
}

struct ldap_control asking_page(struct asking *asking, int32_t size,
                                struct octets cookie)
{
    struct ber_writer *writer = ber_writer_new();

    ber_open(writer, BER_SEQUENCE);
    ber_add_integer(writer, BER_INTEGER, size);
    ber_add_octets(writer, BER_OCTETS,
                   cookie.data != NULL ? cookie : (struct octets){ "", 0 });
    return finish(asking, LDAP_CONTROL_PAGED, true, writer);
}

struct ldap_control asking_sort(struct asking *asking, const char *keys,
                                bool critical)
{
    struct ber_writer *writer = ber_writer_new();
    char **list = str_split(asking->office.arena, keys, " ");

    ber_open(writer, BER_SEQUENCE);
    for (size_t i = 0; list[i] != NULL; i++) {
        ber_open(writer, BER_SEQUENCE);
        ber_add_text(writer, BER_OCTETS, list[i] + (*list[i] == '-'));
        if (*list[i] == '-')
            ber_add_boolean(writer, 0x81, true);
        ber_close(writer);
    }
    return finish(asking, LDAP_CONTROL_SORT, critical, writer);
}

static const struct ldap_answer_control *find(const struct heard *heard,
                                              const char *oid)
{
    for (size_t i = 0; i < heard->result.control_count; i++) {
        if (str_equal(heard->result.controls[i].oid, oid))
            return &heard->result.controls[i];
    }
    return NULL;
}

struct octets asking_cookie(struct asking *asking, const struct heard *heard)
{
    const struct ldap_answer_control *control = find(heard, LDAP_CONTROL_PAGED);
    struct ber_reader reader, list;
    struct octets cookie = { NULL, 0 };
    int32_t size = 0;

    cr_assert(control != NULL);
    reader = ber_reader(control->value.data, control->value.len);
    cr_assert(ber_take(&reader, BER_SEQUENCE, &list));
    cr_assert(ber_take_integer(&list, BER_INTEGER, 0, &size));
    cr_assert(
        ber_take_octets(&list, BER_OCTETS, asking->office.arena, &cookie));
    return cookie;
}

int asking_sorted(const struct heard *heard)
{
    const struct ldap_answer_control *control =
        find(heard, LDAP_CONTROL_SORTED);
    struct ber_reader reader, list;
    int32_t code = -1;

    if (control == NULL)
        return -1;
    reader = ber_reader(control->value.data, control->value.len);
    cr_assert(ber_take(&reader, BER_SEQUENCE, &list));
    cr_assert(ber_take_integer(&list, BER_ENUMERATED, 0, &code));
    return code;
}
