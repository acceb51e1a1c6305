/*
 * entry_contact.c - an entry of the directory as the Contact of a Resolution
 */
#include "tests/exchange/directory.h"

#include "proxy/base/str.h"

struct part {
    const char *element;
    void (*put)(struct call *call, const struct sim_entry *entry,
                const char *element);
    bool late; /* 2010 SP2 and later, with all properties */
};

static void put_text_element(struct call *call, const char *element,
                             const char *text)
{
    if (text != NULL)
        put_element(&call->out, arena_printf(call->arena, "t:%s", element),
                    text);
}

static void put_entry(struct call *call, const char *key, const char *text)
{
    buf_printf(&call->out, "<t:Entry Key=\"%s\">", key);
    put_text(&call->out, text);
    buf_puts(&call->out, "</t:Entry>");
}

/* --- Single texts -------------------------------------------------------- */

static void put_detail(struct call *call, const struct sim_entry *entry,
                       const char *element)
{
    put_text_element(call, element, sim_detail(entry, element));
}

static void put_name(struct call *call, const struct sim_entry *entry,
                     const char *element)
{
    put_text_element(call, element, entry->name);
}

static void put_given(struct call *call, const struct sim_entry *entry,
                      const char *element)
{
    put_text_element(call, element, sim_given_name(call->arena, entry));
}

static void put_surname(struct call *call, const struct sim_entry *entry,
                        const char *element)
{
    put_text_element(call, element, sim_surname(call->arena, entry));
}

static void put_alias(struct call *call, const struct sim_entry *entry,
                      const char *element)
{
    put_text_element(call, element, entry->alias);
}

static void put_source(struct call *call, const struct sim_entry *entry,
                       const char *element)
{
    (void)entry;
    put_text_element(call, element, "ActiveDirectory");
}

static void put_directory_id(struct call *call, const struct sim_entry *entry,
                             const char *element)
{
    put_text_element(call, element,
                     arena_printf(call->arena,
                                  "CN=%zu-%s,OU=People,DC=postern,DC=example",
                                  entry->number, entry->alias));
}

/* --- Dictionaries -------------------------------------------------------- */

/* The schema has keys for three; there may be more addresses. */
static void put_addresses(struct call *call, const struct sim_entry *entry,
                          const char *element)
{
    const char *other;

    buf_printf(&call->out, "<t:%s>", element);
    put_entry(call, "EmailAddress1",
              arena_printf(call->arena, "SMTP:%s", entry->address));
    for (size_t i = 0;
         i < 2 && (other = sim_detail_nth(entry, "ProxyAddress", i)) != NULL;
         i++)
        put_entry(call, i == 0 ? "EmailAddress2" : "EmailAddress3",
                  arena_printf(call->arena, "smtp:%s", other));
    buf_printf(&call->out, "</t:%s>", element);
}

static void put_places(struct call *call, const struct sim_entry *entry,
                       const char *element)
{
    static const char *const parts[] = { "Street", "City", "State",
                                         "CountryOrRegion", "PostalCode" };
    bool open = false;

    for (size_t i = 0; i < 5; i++) {
        const char *text = sim_detail(entry, parts[i]);

        if (text != NULL && !open)
            buf_printf(&call->out, "<t:%s><t:Entry Key=\"Business\">", element);
        open = open || text != NULL;
        put_text_element(call, parts[i], text);
    }
    if (open)
        buf_printf(&call->out, "</t:Entry></t:%s>", element);
}

/* The directory names its own kinds of numbers though there are none. */
static void put_phones(struct call *call, const struct sim_entry *entry,
                       const char *element)
{
    static const struct {
        const char *key;
        bool always;
    } phones[] = {
        { "AssistantPhone", true },
        { "BusinessFax", true },
        { "BusinessPhone", true },
        { "BusinessPhone2", false },
        { "Callback", false },
        { "CarPhone", false },
        { "CompanyMainPhone", false },
        { "HomeFax", false },
        { "HomePhone", true },
        { "HomePhone2", false },
        { "Isdn", false },
        { "MobilePhone", true },
        { "OtherFax", false },
        { "OtherTelephone", false },
        { "Pager", true },
        { "PrimaryPhone", false },
        { "RadioPhone", false },
        { "Telex", false },
        { "TtyTddPhone", false },
    };

    if (sim_entry_is_group(entry))
        return;
    buf_printf(&call->out, "<t:%s>", element);
    for (size_t i = 0; i < sizeof phones / sizeof *phones; i++) {
        const char *text = sim_detail(entry, phones[i].key);

        if (text != NULL)
            put_entry(call, phones[i].key, text);
        else if (phones[i].always)
            buf_printf(&call->out, "<t:Entry Key=\"%s\"/>", phones[i].key);
    }
    buf_printf(&call->out, "</t:%s>", element);
}

static void put_ims(struct call *call, const struct sim_entry *entry,
                    const char *element)
{
    const char *text = sim_detail(entry, "ImAddress1");

    if (text == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", element);
    put_entry(call, "ImAddress1", text);
    buf_printf(&call->out, "</t:%s>", element);
}

/* --- Octets -------------------------------------------------------------- */

static void put_photo(struct call *call, const struct sim_entry *entry,
                      const char *element)
{
    if (entry->photo == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", element);
    put_base64(&call->out, entry->photo, entry->photo_len);
    buf_printf(&call->out, "</t:%s>", element);
}

static void put_certificates(struct call *call, const struct sim_entry *entry,
                             const char *element)
{
    const char *text;

    if (sim_detail(entry, element) == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", element);
    for (size_t i = 0; (text = sim_detail_nth(entry, element, i)) != NULL; i++)
        put_element(&call->out, "t:Base64Binary", text);
    buf_printf(&call->out, "</t:%s>", element);
}

/* --- Others -------------------------------------------------------------- */

static void put_manager(struct call *call, const struct sim_entry *entry,
                        const char *element)
{
    put_text_element(call, element,
                     entry->manager != NULL ? entry->manager->name
                                            : sim_detail(entry, "Manager"));
}

static void put_entry_mailbox(struct call *call, const struct sim_entry *entry)
{
    buf_puts(&call->out, "<t:Mailbox>");
    put_addressee(call, entry->name, entry->address, sim_entry_type(entry));
    buf_puts(&call->out, "</t:Mailbox>");
}

static void put_manager_mailbox(struct call *call,
                                const struct sim_entry *entry,
                                const char *element)
{
    if (entry->manager == NULL || entry->manager->gone)
        return;
    buf_printf(&call->out, "<t:%s>", element);
    put_entry_mailbox(call, entry->manager);
    buf_printf(&call->out, "</t:%s>", element);
}

static void put_reports(struct call *call, const struct sim_entry *entry,
                        const char *element)
{
    const struct exchange *exchange = call->exchange;

    buf_printf(&call->out, "<t:%s>", element);
    for (size_t i = 0; i < exchange->entry_count; i++)
        if (exchange->entries[i]->manager == entry &&
            !exchange->entries[i]->gone)
            put_entry_mailbox(call, exchange->entries[i]);
    buf_printf(&call->out, "</t:%s>", element);
}

/* --- All of it ----------------------------------------------------------- */

/* clang-format off */
/* In the order of the schema. */
static const struct part parts[] = {
    { "DisplayName",           put_name,            false },
    { "GivenName",             put_given,           false },
    { "Initials",              put_detail,          false },
    { "MiddleName",            put_detail,          false },
    { "Nickname",              put_detail,          false },
    { "CompanyName",           put_detail,          false },
    { "EmailAddresses",        put_addresses,       false },
    { "PhysicalAddresses",     put_places,          false },
    { "PhoneNumbers",          put_phones,          false },
    { "AssistantName",         put_detail,          false },
    { "BusinessHomePage",      put_detail,          false },
    { "ContactSource",         put_source,          false },
    { "Department",            put_detail,          false },
    { "Generation",            put_detail,          false },
    { "ImAddresses",           put_ims,             false },
    { "JobTitle",              put_detail,          false },
    { "Manager",               put_manager,         false },
    { "OfficeLocation",        put_detail,          false },
    { "Profession",            put_detail,          false },
    { "Surname",               put_surname,         false },
    { "PhoneticFullName",      put_detail,          true },
    { "PhoneticFirstName",     put_detail,          true },
    { "PhoneticLastName",      put_detail,          true },
    { "Alias",                 put_alias,           true },
    { "Notes",                 put_detail,          true },
    { "Photo",                 put_photo,           true },
    { "UserSMIMECertificate",  put_certificates,    true },
    { "MSExchangeCertificate", put_certificates,    true },
    { "DirectoryId",           put_directory_id,    true },
    { "ManagerMailbox",        put_manager_mailbox, true },
    { "DirectReports",         put_reports,         true },
};
/* clang-format on */

void put_entry_contact(struct call *call, const struct sim_entry *entry,
                       bool all)
{
    bool late = all && call->version >= SCHEMA_2010_SP2;

    buf_puts(&call->out, "<t:Contact>");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (late || !parts[i].late)
            parts[i].put(call, entry, parts[i].element);
    buf_puts(&call->out, "</t:Contact>");
}
