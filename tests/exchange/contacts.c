/*
 * contacts.c - the fields of contacts and of distribution lists
 *
 * What stands in dictionaries (addresses, phones) has a property for each key:
 * contacts_entries.c.
 */
#include "tests/exchange/contacts.h"

#include "proxy/base/str.h"
#include "tests/exchange/attachments.h"
#include "tests/exchange/contacts_entries.h"
#include "tests/exchange/form_words.h"

static const char *const indexes[] = { "None", "Home", "Business", "Other",
                                       NULL };

/* --- Reading ------------------------------------------------------------- */

static const char *read_picture(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return sim_photo(item) != NULL ? "true" : "false";
}

static const char *read_source(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "Store";
}

static const char *read_notes(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return form_get(item, NULL, 0x1000, TYPE_STRING);
}

static const char *read_mapping(struct arena *arena, struct sim_item *item)
{
    const char *kept = form_get(item, SET_HIDDEN, 30, TYPE_STRING);

    (void)arena;
    return kept == NULL ? "None" : kept;
}

static void put_name(struct call *call, const struct field *field,
                     struct sim_item *item)
{
    /* clang-format off */
    static const struct {
        const char *element;
        uint32_t tag;
    } parts[] = {
        { "t:Title", 0x3a45 },      { "t:FirstName", 0x3a06 }, { "t:MiddleName", 0x3a44 },
        { "t:LastName", 0x3a11 },   { "t:Suffix", 0x3a05 },    { "t:Initials", 0x3a0a },
        { "t:FullName", 0x3001 },   { "t:Nickname", 0x3a4f },
    };
    /* clang-format on */
    bool open = false;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *text = form_get(item, NULL, parts[i].tag, TYPE_STRING);

        if (text == NULL)
            continue;
        if (!open)
            buf_printf(&call->out, "<t:%s>", field->element);
        open = true;
        put_element(&call->out, parts[i].element, text);
    }
    if (open)
        buf_printf(&call->out, "</t:%s>", field->element);
}

/* --- Storing ------------------------------------------------------------- */

static const char *store_mapping(struct call *call,
                                 const struct form_field *field,
                                 struct sim_item *item,
                                 const struct node *element)
{
    (void)call;
    (void)field;
    if (element == NULL)
        form_remove(item, SET_HIDDEN, 30, TYPE_STRING);
    else
        form_set(item, SET_HIDDEN, 30, TYPE_STRING, element->text);
    return NULL;
}

/* --- The tables ---------------------------------------------------------- */

#define TEXT(uri, element, number)                                              \
    {                                                                           \
        {                                                                       \
            "contacts:" uri, element, V07, ROW | ANY, TAG(number, STRING), NULL \
        },                                                                      \
            NULL                                                                \
    }
#define UNKNOWN(name, since)                                                   \
    {                                                                          \
        { "contacts:" name, name, since, 0, NOTHING, NULL }, NULL              \
    }

/* clang-format off */
const struct form_field contact_fields[] = {
    { { "contacts:FileAs", "FileAs", V07, DEF | ROW | ANY, LID(ADDRESS, 0x8005, STRING), NULL }, NULL },
    { { "contacts:FileAsMapping", "FileAsMapping", V07, ROW | ANY, READ(read_mapping), NULL }, store_mapping },
    { { "contacts:DisplayName", "DisplayName", V07, DEF | ROW | ANY, TAG(0x3001, STRING), NULL }, NULL },
    { { "contacts:GivenName", "GivenName", V07, DEF | ROW | ANY, TAG(0x3a06, STRING), NULL }, NULL },
    TEXT("Initials", "Initials", 0x3a0a),
    TEXT("MiddleName", "MiddleName", 0x3a44),
    TEXT("Nickname", "Nickname", 0x3a4f),
    { { "contacts:CompleteName", "CompleteName", V07, DEF | ROW, NOTHING, put_name }, NULL },
    { { "contacts:CompanyName", "CompanyName", V07, DEF | ROW | ANY, TAG(0x3a16, STRING), NULL }, NULL },
    { { "contacts:EmailAddresses", "EmailAddresses", V07, DEF | ROW | ANY, NOTHING, entries_put_emails }, entries_store },
    UNKNOWN("AbchEmailAddresses", V16),
    { { "contacts:PhysicalAddresses", "PhysicalAddresses", V07, DEF | ROW | ANY, NOTHING, entries_put_addresses }, entries_store },
    { { "contacts:PhoneNumbers", "PhoneNumbers", V07, DEF | ROW | ANY, NOTHING, entries_put }, entries_store },
    TEXT("AssistantName", "AssistantName", 0x3a30),
    { { "contacts:Birthday", "Birthday", V07, ROW | ANY, TAG(0x3a42, SYSTEM_TIME), put_time_field }, NULL },
    TEXT("BusinessHomePage", "BusinessHomePage", 0x3a51),
    { { "contacts:Children", "Children", V07, ALL | ANY, TAG(0x3a58, STRING_ARRAY), form_put_strings }, NULL },
    { { "contacts:Companies", "Companies", V07, ALL | ANY, LID(COMMON, 0x8539, STRING_ARRAY), form_put_strings }, NULL },
    { { "contacts:ContactSource", "ContactSource", V07, 0, READ(read_source), NULL }, NULL },
    TEXT("Department", "Department", 0x3a18),
    TEXT("Generation", "Generation", 0x3a05),
    { { "contacts:ImAddresses", "ImAddresses", V07, DEF | ROW | ANY, NOTHING, entries_put }, entries_store },
    { { "contacts:JobTitle", "JobTitle", V07, DEF | ROW | ANY, TAG(0x3a17, STRING), NULL }, NULL },
    TEXT("Manager", "Manager", 0x3a4e),
    { { "contacts:Mileage", "Mileage", V07, ROW | ANY, LID(COMMON, 0x8534, STRING), NULL }, NULL },
    TEXT("OfficeLocation", "OfficeLocation", 0x3a19),
    { { "contacts:PostalAddressIndex", "PostalAddressIndex", V07, ROW | ANY, WORDS(SET_ADDRESS, 0x8022, indexes), NULL }, entries_store_index },
    TEXT("Profession", "Profession", 0x3a46),
    TEXT("SpouseName", "SpouseName", 0x3a48),
    { { "contacts:Surname", "Surname", V07, DEF | ROW | ANY, TAG(0x3a11, STRING), NULL }, NULL },
    { { "contacts:WeddingAnniversary", "WeddingAnniversary", V07, ROW | ANY, TAG(0x3a41, SYSTEM_TIME), put_time_field }, NULL },
    { { "contacts:HasPicture", "HasPicture", V10, DEF | ROW, READ(read_picture), NULL }, NULL },
    { { "contacts:PhoneticFullName", "PhoneticFullName", V10S2, 0, NOTHING, NULL }, NULL },
    { { "contacts:PhoneticFirstName", "PhoneticFirstName", V10S2, ROW | ANY, LID(ADDRESS, 0x802c, STRING), NULL }, NULL },
    { { "contacts:PhoneticLastName", "PhoneticLastName", V10S2, ROW | ANY, LID(ADDRESS, 0x802d, STRING), NULL }, NULL },
    UNKNOWN("Alias", V10S2),
    { { "contacts:Notes", "Notes", V10S2, 0, READ(read_notes), NULL }, NULL },
    UNKNOWN("Photo", V10S2),
    UNKNOWN("UserSMIMECertificate", V10S2),
    UNKNOWN("MSExchangeCertificate", V10S2),
    UNKNOWN("DirectoryId", V10S2),
    UNKNOWN("ManagerMailbox", V10S2),
    UNKNOWN("DirectReports", V10S2),
    UNKNOWN("Culture", V07),
    UNKNOWN("AccountName", V16), UNKNOWN("IsAutoUpdateDisabled", V16),
    UNKNOWN("IsMessengerEnabled", V16), UNKNOWN("Comment", V16), UNKNOWN("ContactShortId", V16),
    UNKNOWN("ContactType", V16), UNKNOWN("Gender", V16), UNKNOWN("IsHidden", V16),
    UNKNOWN("ObjectId", V16), UNKNOWN("PassportId", V16), UNKNOWN("IsPrivate", V16),
    UNKNOWN("SourceId", V16), UNKNOWN("TrustLevel", V16), UNKNOWN("CreatedBy", V16),
    UNKNOWN("Urls", V16), UNKNOWN("Cid", V16), UNKNOWN("SkypeAuthCertificate", V16),
    UNKNOWN("SkypeContext", V16), UNKNOWN("SkypeId", V16), UNKNOWN("SkypeRelationship", V16),
    UNKNOWN("YomiNickname", V16), UNKNOWN("XboxLiveTag", V16), UNKNOWN("InviteFree", V16),
    UNKNOWN("HidePresenceAndProfile", V16), UNKNOWN("IsPendingOutbound", V16),
    UNKNOWN("SupportGroupFeeds", V16), UNKNOWN("UserTileHash", V16),
    UNKNOWN("UnifiedInbox", V16), UNKNOWN("Mris", V16), UNKNOWN("Wlid", V16),
    UNKNOWN("AbchContactId", V16), UNKNOWN("NotInBirthdayCalendar", V16),
    UNKNOWN("ShellContactType", V16), UNKNOWN("ImMri", V16), UNKNOWN("PresenceTrustLevel", V16),
    UNKNOWN("OtherMri", V16), UNKNOWN("ProfileLastChanged", V16),
    UNKNOWN("MobileIMEnabled", V16), UNKNOWN("PartnerNetworkProfilePhotoUrl", V16),
    UNKNOWN("PartnerNetworkThumbnailPhotoUrl", V16), UNKNOWN("PersonId", V16),
    UNKNOWN("ConversationGuid", V16),
    END
};

const struct form_field list_fields[] = {
    { { "contacts:DisplayName", "DisplayName", V07, DEF | ROW | ANY, TAG(0x3001, STRING), NULL }, NULL },
    { { "contacts:FileAs", "FileAs", V07, DEF | ROW | ANY, LID(ADDRESS, 0x8005, STRING), NULL }, NULL },
    { { "contacts:ContactSource", "ContactSource", V07, 0, READ(read_source), NULL }, NULL },
    { { "distributionlist:Members", "Members", V10, DEF | ALL | ANY, NOTHING, entries_put_members }, entries_store_members },
    END
};
/* clang-format on */

/* --- What follows -------------------------------------------------------- */

/* Lists of contacts sort and show by subject, which is the name. */
void contact_settle(struct sim_item *item)
{
    const char *name = form_get(item, NULL, 0x3001, TYPE_STRING);
    const char *filed = form_get(item, SET_ADDRESS, 0x8005, TYPE_STRING);

    if (name == NULL)
        name = filed;
    if (form_get(item, NULL, 0x0037, TYPE_STRING) == NULL && name != NULL)
        form_set(item, NULL, 0x0037, TYPE_STRING, name);
    form_set_true(item, SET_ADDRESS, 0x8015, sim_photo(item) != NULL);
}
