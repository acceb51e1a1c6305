/*
 * book_person.c - a person of the offline address book
 *
 * Properties as MS-OXOAB, 2.9.2.2 lists them.  Who is whose manager, and who is
 * in which group, is not in the file: those properties never have a value.
 */
#include "proxy/exchange/ews/book.h"

#include <stddef.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/directory.h"
#include "proxy/format/oab.h"

enum {
    ID_OBJECT_TYPE = 0x0ffe,
    ID_DISTINGUISHED_NAME = 0x3003,
    ID_DISPLAY_TYPE = 0x3900,
    ID_DISPLAY_TYPE_EX = 0x3905,
    ID_SMTP_ADDRESS = 0x39fe,
    ID_ALIAS = 0x3a00,
    ID_OUTLOOK_CERTIFICATES = 0x3a70,
    ID_LEFT_OUT = 0x6805,
    ID_PROXY_ADDRESSES = 0x800f,
    ID_CERTIFICATES = 0x8c6a,
    ID_THUMBNAIL = 0x8c9e
};

#define AT(member) offsetof(struct contact, member)

/* clang-format off */
/* Texts, of lists the first. */
static const struct {
    uint32_t id;
    size_t offset; /* in struct contact */
} rows[] = {
    { 0x3001, AT(text[CONTACT_DISPLAY_NAME]) },
    { 0x3a06, AT(text[CONTACT_GIVEN_NAME]) },
    { 0x3a11, AT(text[CONTACT_SURNAME]) },
    { 0x3a16, AT(text[CONTACT_COMPANY]) },
    { 0x3a18, AT(text[CONTACT_DEPARTMENT]) },
    { 0x3a17, AT(text[CONTACT_JOB_TITLE]) },
    { 0x3a19, AT(text[CONTACT_OFFICE]) },
    { 0x3a30, AT(text[CONTACT_ASSISTANT]) },
    { 0x3004, AT(text[CONTACT_NOTE]) },
    { 0x3a51, AT(text[CONTACT_WORK_PAGE]) },
    { 0x3a08, AT(phone[PHONE_WORK]) },
    { 0x3a1b, AT(phone[PHONE_WORK_2]) },
    { 0x3a09, AT(phone[PHONE_HOME]) },
    { 0x3a2f, AT(phone[PHONE_HOME_2]) },
    { 0x3a1c, AT(phone[PHONE_MOBILE]) },
    { 0x3a23, AT(phone[PHONE_WORK_FAX]) },
    { 0x3a24, AT(phone[PHONE_WORK_FAX]) }, /* where there is no primary fax */
    { 0x3a25, AT(phone[PHONE_HOME_FAX]) },
    { 0x3a21, AT(phone[PHONE_PAGER]) },
    { 0x3a1e, AT(phone[PHONE_CAR]) },
    { 0x3a2d, AT(phone[PHONE_ISDN]) },
    { 0x3a1f, AT(phone[PHONE_OTHER]) },
    { 0x3a1a, AT(phone[PHONE_PRIMARY]) },
    { 0x3a2e, AT(phone[PHONE_ASSISTANT]) },
    { 0x3a02, AT(phone[PHONE_CALLBACK]) },
    { 0x3a57, AT(phone[PHONE_COMPANY]) },
    { 0x3a1d, AT(phone[PHONE_RADIO]) },
    { 0x3a2c, AT(phone[PHONE_TELEX]) },
    { 0x3a4b, AT(phone[PHONE_TTY]) },
    { 0x3a29, AT(place[PLACE_WORK].street) },
    { 0x3a27, AT(place[PLACE_WORK].city) },
    { 0x3a28, AT(place[PLACE_WORK].state) },
    { 0x3a2a, AT(place[PLACE_WORK].zip) },
    { 0x3a26, AT(place[PLACE_WORK].country) },
    { 0x3a2b, AT(place[PLACE_WORK].box) },
};

/* What display types are called in MAPI. */
static const enum person_kind kinds[] = {
    [0] = PERSON_USER,
    [1] = PERSON_GROUP,   /* of the directory */
    [2] = PERSON_FOREIGN, /* a public folder */
    [3] = PERSON_GROUP,   /* whose members are found by a filter */
    [4] = PERSON_FOREIGN, /* an organisation */
    [5] = PERSON_GROUP,   /* somebody's own */
    [6] = PERSON_FOREIGN, /* an address elsewhere */
    [7] = PERSON_ROOM,
    [8] = PERSON_ROOM,    /* equipment */
    [9] = PERSON_GROUP,   /* that rights are given to */
};
/* clang-format on */

/* --- Kinds ---------------------------------------------------------------- */

/* Of somebody in another forest the second octet says what he is there. */
#define REMOTE_VALID 0x80000000u

#define UNTOLD UINT32_MAX
#define OBJECT_GROUP 8

static enum person_kind read_kind(const struct oab_record *record)
{
    uint32_t type = oab_number(record, ID_DISPLAY_TYPE_EX, UNTOLD);

    if (type == UNTOLD)
        type = oab_number(record, ID_DISPLAY_TYPE, UNTOLD);
    else
        type = ((type & REMOTE_VALID) != 0 ? type >> 8 : type) & 0xff;
    if (type < sizeof kinds / sizeof *kinds)
        return kinds[type];
    return oab_number(record, ID_OBJECT_TYPE, 0) == OBJECT_GROUP ? PERSON_GROUP
                                                                 : PERSON_USER;
}

/* --- Addresses ------------------------------------------------------------ */

/* The primary one may come twice, or in only one of these places. */
static void read_addresses(struct arena *arena, const struct oab_record *record,
                           struct person *person)
{
    const struct oab_value *proxies = oab_value(record, ID_PROXY_ADDRESSES);
    size_t told =
        proxies != NULL && proxies->texts != NULL ? proxies->count : 0;
    const char **all = arena_array(arena, told * 2 + 1, sizeof *all);
    size_t count = 0;

    all[count++] = oab_text(record, ID_SMTP_ADDRESS);
    for (size_t i = 0; i < told; i++)
        if (str_starts(proxies->texts[i], "SMTP:"))
            all[count++] = proxies->texts[i];
    for (size_t i = 0; i < told; i++)
        if (str_starts_nocase(proxies->texts[i], "smtp:"))
            all[count++] = proxies->texts[i];
    person_set_addresses(arena, person, all, count);
}

/* --- Certificates --------------------------------------------------------- */

/* The two properties often hold the same one. */
static size_t add_certificates(struct arena *arena,
                               const struct oab_record *record, uint32_t id,
                               const char **list, size_t count)
{
    const struct oab_value *value = oab_value(record, id);

    for (size_t i = 0; value != NULL && value->data && i < value->count; i++) {
        size_t len = value->data[i].len;
        char *text = arena_alloc(arena, base64_encoded_size(len) + 1);
        base64_encode(value->data[i].data, len, text);
        const char *certificate = person_read_certificate(arena, text);
        if (certificate != NULL &&
            !person_lists_certificate(list, count, certificate))
            list[count++] = certificate;
    }
    return count;
}

static void read_certificates(struct arena *arena,
                              const struct oab_record *record,
                              struct contact *contact)
{
    static const uint32_t ids[] = { ID_CERTIFICATES, ID_OUTLOOK_CERTIFICATES };
    size_t count = 0;

    for (size_t i = 0; i < 2; i++) {
        const struct oab_value *value = oab_value(record, ids[i]);
        count += value != NULL ? value->count : 0;
    }
    if (count == 0)
        return;
    const char **list = arena_array(arena, count + 1, sizeof *list);
    count = 0;
    for (size_t i = 0; i < 2; i++)
        count = add_certificates(arena, record, ids[i], list, count);
    contact->certificates = count > 0 ? list : NULL;
}

/* --- Pictures ------------------------------------------------------------- */

/* The file has none itself, and says what it has left out. */
static bool has_photo(const struct oab_record *record)
{
    const struct oab_value *left_out = oab_value(record, ID_LEFT_OUT);

    if (left_out != NULL && left_out->numbers != NULL)
        for (size_t i = 0; i < left_out->count; i++)
            if (left_out->numbers[i] >> 16 == ID_THUMBNAIL)
                return true;
    return oab_value(record, ID_THUMBNAIL) != NULL;
}

/* --- All of it ------------------------------------------------------------ */

static void read_contact(struct arena *arena, const struct oab_record *record,
                         struct contact *contact)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char **place = (const char **)((char *)contact + rows[i].offset);
        if (*place == NULL)
            *place = oab_text(record, rows[i].id);
    }
    read_certificates(arena, record, contact);
    contact->has_photo = has_photo(record);
    contact->preferred_place = -1;
    contact->modified = TIME_NONE;
}

bool book_person(struct arena *arena, const struct oab_record *record,
                 struct person *person_out)
{
    *person_out = (struct person){
        .kind = read_kind(record),
        .alias = oab_text(record, ID_ALIAS),
    };
    read_contact(arena, record, &person_out->contact);
    person_out->contact.group = person_out->kind == PERSON_GROUP;
    read_addresses(arena, record, person_out);
    const char *id = person_out->addresses[0] != NULL
                         ? person_out->addresses[0]
                         : oab_text(record, ID_DISTINGUISHED_NAME);
    if (id == NULL)
        return false;
    person_out->id = str_lower(arena_strdup(arena, id));
    return true;
}
