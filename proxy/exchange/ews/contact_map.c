/*
 * contact_map.c - see contact_map.h
 *
 * One table says for each thing that a contact can hold where Exchange has it:
 * in a field of the schema, in an entry of one of its dictionaries, or in a
 * property that has no field.  Reading, creating and changing go through it.
 */
#include "proxy/exchange/ews/contact_map.h"

#include <stddef.h>

#include "proxy/exchange/ews/contact_rows.h"

/* clang-format off */

#define AT(member) offsetof(struct contact, member)
#define FIELD_TEXT(slot, word) \
    { ROW_TEXT, OF_CONTACTS, AT(text[slot]), \
      { PROPERTY_FIELD, 0, "contacts:" word, NULL }, "t:" word, word, 0 }
#define GROUP_TEXT(slot, word) \
    { ROW_TEXT, OF_GROUPS, AT(text[slot]), \
      { PROPERTY_FIELD, 0, "contacts:" word, NULL }, "t:" word, word, 0 }
#define TAG_TEXT(slot, id) \
    { ROW_PROPERTY, OF_CONTACTS, AT(text[slot]), \
      { PROPERTY_TAG, id, NULL, "String" }, NULL, NULL, 0 }
#define ADDRESS_TEXT(slot, id) \
    { ROW_PROPERTY, OF_CONTACTS, AT(text[slot]), \
      { PROPERTY_ADDRESS, id, NULL, "String" }, NULL, NULL, 0 }
#define TELEPHONE(slot, key) \
    { ROW_PHONE, OF_CONTACTS, AT(phone[slot]), \
      { PROPERTY_INDEXED, 0, "contacts:PhoneNumber", key }, NULL, NULL, 0 }
#define MAIL(slot, key) \
    { ROW_EMAIL, OF_CONTACTS, AT(email[slot].address), \
      { PROPERTY_INDEXED, 0, "contacts:EmailAddress", key }, NULL, NULL, 0 }
#define CHAT(slot, key) \
    { ROW_IM, OF_CONTACTS, AT(text[slot]), \
      { PROPERTY_INDEXED, 0, "contacts:ImAddress", key }, NULL, NULL, 0 }
#define LEAF(place, member, word, key) \
    { ROW_PLACE, OF_CONTACTS, AT(PLACE_OF(place).member), \
      { PROPERTY_INDEXED, 0, "contacts:PhysicalAddress:" word, key }, "t:" word, word, 0 }
#define PLACE_OF(slot) place[slot]
#define LEAVES(slot, key) \
    LEAF(slot, street, "Street", key), \
    LEAF(slot, city, "City", key), \
    LEAF(slot, state, "State", key), \
    LEAF(slot, country, "CountryOrRegion", key), \
    LEAF(slot, zip, "PostalCode", key)

const struct contact_row contact_rows[] = {
    { ROW_CLASS, OF_BOTH, AT(class),
      { PROPERTY_FIELD, 0, "item:Sensitivity", NULL }, "t:Sensitivity", "Sensitivity", 0 },
    { ROW_BODY, OF_BOTH, AT(text[CONTACT_NOTE]),
      { PROPERTY_FIELD, 0, "item:Body", NULL }, "t:Body", "Body", 0 },
    { ROW_STRINGS, OF_BOTH, AT(categories),
      { PROPERTY_FIELD, 0, "item:Categories", NULL }, "t:Categories", "Categories", 0 },

    { ROW_OWN, OF_BOTH, OWN_NAME,
      { PROPERTY_TAG, 0x10f3, NULL, "String" }, NULL, NULL, 0 },
    { ROW_OWN, OF_BOTH, OWN_KEPT,
      { PROPERTY_STRING, 0, "postern-object", "String" }, NULL, NULL, 0 },
    { ROW_OWN, OF_BOTH, OWN_TOKEN,
      { PROPERTY_STRING, 0, "postern-token", "String" }, NULL, NULL, 0 },
    { ROW_PROPERTY, OF_BOTH, AT(uid),
      { PROPERTY_STRING, 0, "postern-uid", "String" }, NULL, NULL, 0 },
    TAG_TEXT(CONTACT_TITLE,            0x3a45),
    TAG_TEXT(CONTACT_HOME_PAGE,        0x3a50),
    TAG_TEXT(CONTACT_WORK_PAGE,        0x3a51), /* its field takes nothing but URIs */
    ADDRESS_TEXT(CONTACT_FREE_BUSY,    0x80d8),
    ADDRESS_TEXT(CONTACT_CUSTOM_1,     0x804f),
    ADDRESS_TEXT(CONTACT_CUSTOM_2,     0x8050),
    ADDRESS_TEXT(CONTACT_CUSTOM_3,     0x8051),
    ADDRESS_TEXT(CONTACT_CUSTOM_4,     0x8052),
    { ROW_PROPERTY, OF_CONTACTS, AT(place[PLACE_WORK].box),
      { PROPERTY_ADDRESS, 0x804a, NULL, "String" }, NULL, NULL, 0 },
    { ROW_PROPERTY, OF_CONTACTS, AT(place[PLACE_HOME].box),
      { PROPERTY_TAG, 0x3a5e, NULL, "String" }, NULL, NULL, 0 },
    { ROW_PROPERTY, OF_CONTACTS, AT(place[PLACE_OTHER].box),
      { PROPERTY_TAG, 0x3a64, NULL, "String" }, NULL, NULL, 0 },
    { ROW_NUMBER, OF_CONTACTS, AT(gender),
      { PROPERTY_TAG, 0x3a4d, NULL, "Short" }, NULL, NULL, 0 },
    { ROW_MIDNIGHT, OF_CONTACTS, AT(birthday),
      { PROPERTY_ADDRESS, 0x80de, NULL, "SystemTime" }, NULL, NULL, 0 },
    { ROW_MIDNIGHT, OF_CONTACTS, AT(anniversary),
      { PROPERTY_ADDRESS, 0x80df, NULL, "SystemTime" }, NULL, NULL, 0 },

    FIELD_TEXT(CONTACT_FILE_AS,        "FileAs"),
    FIELD_TEXT(CONTACT_DISPLAY_NAME,   "DisplayName"),
    FIELD_TEXT(CONTACT_GIVEN_NAME,     "GivenName"),
    FIELD_TEXT(CONTACT_MIDDLE_NAME,    "MiddleName"),
    FIELD_TEXT(CONTACT_NICKNAME,       "Nickname"),
    FIELD_TEXT(CONTACT_COMPANY,        "CompanyName"),
    MAIL(0, "EmailAddress1"),
    MAIL(1, "EmailAddress2"),
    MAIL(2, "EmailAddress3"),
    LEAVES(PLACE_WORK,  "Business"),
    LEAVES(PLACE_HOME,  "Home"),
    LEAVES(PLACE_OTHER, "Other"),
    TELEPHONE(PHONE_WORK,              "BusinessPhone"),
    TELEPHONE(PHONE_WORK_2,            "BusinessPhone2"),
    TELEPHONE(PHONE_HOME,              "HomePhone"),
    TELEPHONE(PHONE_HOME_2,            "HomePhone2"),
    TELEPHONE(PHONE_MOBILE,            "MobilePhone"),
    TELEPHONE(PHONE_WORK_FAX,          "BusinessFax"),
    TELEPHONE(PHONE_HOME_FAX,          "HomeFax"),
    TELEPHONE(PHONE_OTHER_FAX,         "OtherFax"),
    TELEPHONE(PHONE_PAGER,             "Pager"),
    TELEPHONE(PHONE_CAR,               "CarPhone"),
    TELEPHONE(PHONE_ISDN,              "Isdn"),
    TELEPHONE(PHONE_OTHER,             "OtherTelephone"),
    TELEPHONE(PHONE_PRIMARY,           "PrimaryPhone"),
    TELEPHONE(PHONE_ASSISTANT,         "AssistantPhone"),
    TELEPHONE(PHONE_CALLBACK,          "Callback"),
    TELEPHONE(PHONE_COMPANY,           "CompanyMainPhone"),
    TELEPHONE(PHONE_RADIO,             "RadioPhone"),
    TELEPHONE(PHONE_TELEX,             "Telex"),
    TELEPHONE(PHONE_TTY,               "TtyTddPhone"),
    FIELD_TEXT(CONTACT_ASSISTANT,      "AssistantName"),
    { ROW_NOON, OF_CONTACTS, AT(birthday),
      { PROPERTY_FIELD, 0, "contacts:Birthday", NULL },
      "t:Birthday", "Birthday", 0 },
    { ROW_STRINGS, OF_CONTACTS, AT(children),
      { PROPERTY_FIELD, 0, "contacts:Children", NULL },
      "t:Children", "Children", 0 },
    FIELD_TEXT(CONTACT_DEPARTMENT,     "Department"),
    FIELD_TEXT(CONTACT_GENERATION,     "Generation"),
    CHAT(CONTACT_IM_1,                 "ImAddress1"),
    CHAT(CONTACT_IM_2,                 "ImAddress2"),
    CHAT(CONTACT_IM_3,                 "ImAddress3"),
    FIELD_TEXT(CONTACT_JOB_TITLE,      "JobTitle"),
    FIELD_TEXT(CONTACT_MANAGER,        "Manager"),
    FIELD_TEXT(CONTACT_OFFICE,         "OfficeLocation"),
    { ROW_INDEX, OF_CONTACTS, AT(preferred_place),
      { PROPERTY_FIELD, 0, "contacts:PostalAddressIndex", NULL },
      "t:PostalAddressIndex", "PostalAddressIndex", 0 },
    FIELD_TEXT(CONTACT_PROFESSION,     "Profession"),
    FIELD_TEXT(CONTACT_SPOUSE,         "SpouseName"),
    FIELD_TEXT(CONTACT_SURNAME,        "Surname"),
    { ROW_NOON, OF_CONTACTS, AT(anniversary),
      { PROPERTY_FIELD, 0, "contacts:WeddingAnniversary", NULL },
      "t:WeddingAnniversary", "WeddingAnniversary", 0 },

    GROUP_TEXT(CONTACT_DISPLAY_NAME,   "DisplayName"),
    GROUP_TEXT(CONTACT_FILE_AS,        "FileAs"),
    { ROW_MEMBERS, OF_GROUPS, AT(members),
      { PROPERTY_FIELD, 0, "distributionlist:Members", NULL }, "t:Members", "Members", EWS_2010 },
};

const struct contact_dictionary contact_dictionaries[4] = {
    { ROW_EMAIL,
      { PROPERTY_FIELD, 0, "contacts:EmailAddresses", NULL },
      "t:EmailAddresses", "EmailAddresses" },
    { ROW_PLACE,
      { PROPERTY_FIELD, 0, "contacts:PhysicalAddresses", NULL },
      "t:PhysicalAddresses", "PhysicalAddresses" },
    { ROW_PHONE,
      { PROPERTY_FIELD, 0, "contacts:PhoneNumbers", NULL },
      "t:PhoneNumbers", "PhoneNumbers" },
    { ROW_IM,
      { PROPERTY_FIELD, 0, "contacts:ImAddresses", NULL },
      "t:ImAddresses", "ImAddresses" },
};
/* clang-format on */

const size_t contact_row_count = sizeof contact_rows / sizeof *contact_rows;

const char *const contact_places[4] = { "None", "Business", "Home", "Other" };

const struct contact_dictionary *contact_dictionary(
    const struct contact_row *row)
{
    for (size_t i = 0; i < 4; i++)
        if (contact_dictionaries[i].kind == row->kind)
            return &contact_dictionaries[i];
    return NULL;
}

bool contact_row_is_for(const struct contact_row *row, bool group)
{
    return (row->of & (group ? OF_GROUPS : OF_CONTACTS)) != 0;
}

const char *contact_element(const struct contact *contact)
{
    return contact->group ? "t:DistributionList" : "t:Contact";
}
