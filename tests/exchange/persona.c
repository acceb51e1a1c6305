/*
 * persona.c - somebody of the directory, or a contact, as a Persona
 */
#include "tests/exchange/persona.h"

#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/form.h"

struct part {
    const char *element;
    bool usual; /* in the shape Default */
    void (*put)(struct call *call, const struct persona *persona,
                const struct part *part);
    const char *detail; /* of the directory */
    const char *type;   /* of a telephone number */
};

/* --- Whom it is of ------------------------------------------------------- */

void persona_of_entry(struct arena *arena, const struct sim_entry *entry,
                      struct persona *persona)
{
    *persona = (struct persona){ .entry = entry,
                                 .name = entry->name,
                                 .given = sim_given_name(arena, entry),
                                 .surname = sim_surname(arena, entry),
                                 .address = entry->address };
}

void persona_of_item(struct sim_item *item, struct persona *persona)
{
    *persona =
        (struct persona){ .item = item,
                          .name = form_get(item, NULL, 0x3001, TYPE_STRING),
                          .given = form_get(item, NULL, 0x3a06, TYPE_STRING),
                          .surname = form_get(item, NULL, 0x3a11, TYPE_STRING),
                          .address = form_get(item, SET_ADDRESS, 0x8083,
                                              TYPE_STRING) };
    if (persona->name == NULL)
        persona->name = persona->address == NULL ? "" : persona->address;
}

const char *persona_id(struct arena *arena, const struct persona *persona)
{
    static const char start[] = "AAUQA";
    unsigned char guid[16];
    char *text = arena_alloc(arena, sizeof start + 24);

    if (persona->entry == NULL)
        return arena_printf(arena, "AAQk%s", sim_item_id(persona->item));
    sim_entry_guid(persona->entry, guid);
    memcpy(text, start, sizeof start - 1);
    base64_encode(guid, sizeof guid, text + sizeof start - 1);
    return text;
}

/* --- Single texts -------------------------------------------------------- */

static void put_plain(struct call *call, const struct part *part,
                      const char *text)
{
    if (text != NULL)
        put_element(&call->out,
                    arena_printf(call->arena, "t:%s", part->element), text);
}

static const char *detail_of(const struct persona *persona,
                             const struct part *part)
{
    return persona->entry == NULL ? NULL
                                  : sim_detail(persona->entry, part->detail);
}

static void put_id(struct call *call, const struct persona *persona,
                   const struct part *part)
{
    buf_printf(&call->out, "<t:%s Id=\"%s\"/>", part->element,
               persona_id(call->arena, persona));
}

static void put_type(struct call *call, const struct persona *persona,
                     const struct part *part)
{
    static const char *const words[] = { "Person", "Person", "Room",
                                         "DistributionList",
                                         "DistributionList" };

    put_plain(call, part,
              persona->entry == NULL ? "Person" : words[persona->entry->kind]);
}

static void put_name(struct call *call, const struct persona *persona,
                     const struct part *part)
{
    put_plain(call, part, persona->name);
}

/* "Ada Byron", "Byron Ada" or "Byron, Ada". */
static void put_names(struct call *call, const struct persona *persona,
                      const struct part *part)
{
    const char *given = persona->given, *surname = persona->surname;
    const char *text = persona->name;

    if (given != NULL && surname != NULL)
        text = str_equal(part->element, "DisplayNameFirstLast")
                   ? arena_printf(call->arena, "%s %s", given, surname)
               : str_equal(part->element, "FileAs")
                   ? arena_printf(call->arena, "%s, %s", surname, given)
                   : arena_printf(call->arena, "%s %s", surname, given);
    put_plain(call, part, text);
}

static void put_given(struct call *call, const struct persona *persona,
                      const struct part *part)
{
    put_plain(call, part, persona->given);
}

static void put_surname(struct call *call, const struct persona *persona,
                        const struct part *part)
{
    put_plain(call, part, persona->surname);
}

static void put_detail(struct call *call, const struct persona *persona,
                       const struct part *part)
{
    put_plain(call, part, detail_of(persona, part));
}

static void put_score(struct call *call, const struct persona *persona,
                      const struct part *part)
{
    (void)persona;
    put_plain(call, part, "2147483647");
}

/* --- Addresses ----------------------------------------------------------- */

static void put_one(struct call *call, const struct persona *persona,
                    const char *element, const char *address)
{
    buf_printf(&call->out, "<t:%s>", element);
    put_addressee(call, persona->name, address,
                  persona->entry == NULL ? "Contact"
                                         : sim_entry_type(persona->entry));
    buf_printf(&call->out, "</t:%s>", element);
}

static void put_address(struct call *call, const struct persona *persona,
                        const struct part *part)
{
    if (persona->address != NULL)
        put_one(call, persona, part->element, persona->address);
}

static void put_addresses(struct call *call, const struct persona *persona,
                          const struct part *part)
{
    const char *other;

    if (persona->address == NULL)
        return;
    buf_printf(&call->out, "<t:%s>", part->element);
    put_one(call, persona, "Address", persona->address);
    for (size_t i = 0;
         persona->entry != NULL &&
         (other = sim_detail_nth(persona->entry, "ProxyAddress", i)) != NULL;
         i++)
        put_one(call, persona, "Address", other);
    buf_printf(&call->out, "</t:%s>", part->element);
}

/* --- Values with where they are from ------------------------------------- */

#define FROM "<t:Attributions><t:Attribution>0</t:Attribution></t:Attributions>"

static void put_value(struct call *call, const struct persona *persona,
                      const struct part *part)
{
    const char *text = str_equal(part->detail, "DisplayName")
                           ? persona->name
                           : detail_of(persona, part);

    if (text == NULL)
        return;
    buf_printf(&call->out, "<t:%s><t:StringAttributedValue>", part->element);
    put_element(&call->out, "t:Value", text);
    buf_printf(&call->out, FROM "</t:StringAttributedValue></t:%s>",
               part->element);
}

static void put_phone(struct call *call, const struct persona *persona,
                      const struct part *part)
{
    const char *text = detail_of(persona, part);

    if (text == NULL)
        return;
    buf_printf(&call->out, "<t:%s><t:PhoneNumberAttributedValue><t:Value>",
               part->element);
    put_element(&call->out, "t:Number", text);
    put_element(&call->out, "t:Type", part->type);
    buf_printf(&call->out,
               "</t:Value>" FROM "</t:PhoneNumberAttributedValue></t:%s>",
               part->element);
}

static void put_place(struct call *call, const struct persona *persona,
                      const struct part *part)
{
    static const struct {
        const char *detail;
        const char *element;
    } lines[] = { { "Street", "t:Street" },
                  { "City", "t:City" },
                  { "State", "t:State" },
                  { "CountryOrRegion", "t:Country" },
                  { "PostalCode", "t:PostalCode" } };
    bool open = false;

    for (size_t i = 0; persona->entry != NULL && i < 5; i++) {
        const char *text = sim_detail(persona->entry, lines[i].detail);

        if (text == NULL)
            continue;
        if (!open)
            buf_printf(&call->out,
                       "<t:%s><t:PostalAddressAttributedValue><t:Value>",
                       part->element);
        open = true;
        put_element(&call->out, lines[i].element, text);
    }
    if (open)
        buf_printf(&call->out,
                   "<t:Type>Business</t:Type></t:Value>" FROM
                   "</t:PostalAddressAttributedValue></t:%s>",
                   part->element);
}

/* --- All of it ----------------------------------------------------------- */

/* clang-format off */
/* In the order of the schema. */
static const struct part parts[] = {
    { "PersonaId",             true,  put_id,        NULL,              NULL },
    { "PersonaType",           true,  put_type,      NULL,              NULL },
    { "DisplayName",           true,  put_name,      NULL,              NULL },
    { "DisplayNameFirstLast",  true,  put_names,     NULL,              NULL },
    { "DisplayNameLastFirst",  true,  put_names,     NULL,              NULL },
    { "FileAs",                true,  put_names,     NULL,              NULL },
    { "GivenName",             true,  put_given,     NULL,              NULL },
    { "Surname",               true,  put_surname,   NULL,              NULL },
    { "Title",                 false, put_detail,    "JobTitle",        NULL },
    { "Department",            false, put_detail,    "Department",      NULL },
    { "CompanyName",           true,  put_detail,    "CompanyName",     NULL },
    { "EmailAddress",          true,  put_address,   NULL,              NULL },
    { "EmailAddresses",        true,  put_addresses, NULL,              NULL },
    { "ImAddress",             true,  put_detail,    "ImAddress1",      NULL },
    { "WorkCity",              false, put_detail,    "City",            NULL },
    { "RelevanceScore",        true,  put_score,     NULL,              NULL },
    { "DisplayNames",          false, put_value,     "DisplayName",     NULL },
    { "Initials",              false, put_value,     "Initials",        NULL },
    { "BusinessPhoneNumbers",  false, put_phone,     "BusinessPhone",   "Business" },
    { "BusinessPhoneNumbers2", false, put_phone,     "BusinessPhone2",  "Business" },
    { "HomePhones",            false, put_phone,     "HomePhone",       "Home" },
    { "MobilePhones",          false, put_phone,     "MobilePhone",     "Mobile" },
    { "AssistantPhoneNumbers", false, put_phone,     "AssistantPhone",  "Assistant" },
    { "Pagers",                false, put_phone,     "Pager",           "Pager" },
    { "WorkFaxes",             false, put_phone,     "BusinessFax",     "BusinessFax" },
    { "OfficeLocations",       false, put_value,     "OfficeLocation",  NULL },
    { "ImAddresses",           false, put_value,     "ImAddress1",      NULL },
    { "BusinessAddresses",     false, put_place,     NULL,              NULL },
    { "Titles",                false, put_value,     "JobTitle",        NULL },
    { "Departments",           false, put_value,     "Department",      NULL },
    { "CompanyNames",          false, put_value,     "CompanyName",     NULL },
    { "Managers",              false, put_value,     "Manager",         NULL },
    { "AssistantNames",        false, put_value,     "AssistantName",   NULL },
};
/* clang-format on */

static bool is_asked(const struct part *part, const char *shape,
                     const struct node *more)
{
    static const char prefix[] = "persona:";

    if (part->put == put_id || str_equal(shape, "AllProperties") ||
        (part->usual && !str_equal(shape, "IdOnly")))
        return true;
    for (struct node *at = more == NULL ? NULL : more->children; at != NULL;
         at = at->next) {
        const char *uri = node_attribute(at, "FieldURI");

        if (uri != NULL && str_starts(uri, prefix) &&
            str_equal(uri + sizeof prefix - 1, part->element))
            return true;
    }
    return false;
}

void persona_put(struct call *call, const struct persona *persona,
                 const char *shape, const struct node *more)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (is_asked(&parts[i], shape, more))
            parts[i].put(call, persona, &parts[i]);
}
