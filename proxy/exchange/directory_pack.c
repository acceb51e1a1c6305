/*
 * directory_pack.c - a person in a row of bytes, for the cache and the index
 *
 * A row is the version, and then any number of fields: a letter that says which
 * it is, its number among those of that letter, and its text with a NUL.
 */
#include "proxy/exchange/directory_pack.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* Another one whenever a field or an enumeration means something else: rows in
 * the index are then to be made anew by a migration. */
#define VERSION '\x01'

#define ADDRESS 'a'
#define NUMBER 'n'

/* --- What there is -------------------------------------------------------- */

/* Texts that lie in a row. */
struct texts {
    char letter;
    size_t offset;
    size_t count;
};

#define AT(member) offsetof(struct person, member)
#define SIZE(type) (sizeof(type) / sizeof(const char *))

/* clang-format off */
static const struct texts texts[] = {
    { 'i', AT(id),            1 },
    { 's', AT(alias),         1 },
    { 'g', AT(manager),       SIZE(struct person_link) },
    { 'u', AT(contact.uid),   1 },
    { 't', AT(contact.text),  CONTACT_TEXT_COUNT },
    { 'p', AT(contact.phone), PHONE_COUNT },
    { 'e', AT(contact.email), CONTACT_EMAILS * SIZE(struct contact_email) },
    { 'l', AT(contact.place), PLACE_COUNT * SIZE(struct contact_address) },
};

/* Lists of texts with NULL at the end. */
static const struct list {
    char letter;
    size_t offset;
} lists[] = {
    { ADDRESS, AT(addresses) },
    { 'd',     AT(contact.children) },
    { 'c',     AT(contact.categories) },
    { 'k',     AT(contact.certificates) },
};

/* Lists of structs that are nothing but texts. */
static const struct rows {
    char letter;
    size_t offset;
    size_t count;
    size_t width;
} rows[] = {
    { 'r', AT(reports),         AT(report_count),
      SIZE(struct person_link) },
    { 'm', AT(contact.members), AT(contact.member_count),
      SIZE(struct contact_member) },
};
/* clang-format on */

#define TEXTS (sizeof texts / sizeof *texts)
#define LISTS (sizeof lists / sizeof *lists)
#define ROWS (sizeof rows / sizeof *rows)

enum {
    KIND,
    PERSONAL,
    GROUP,
    PREFERRED_PLACE,
    BIRTHDAY,
    ANNIVERSARY,
    GENDER,
    CLASS,
    HAS_PHOTO,
    MODIFIED,
    NUMBERS
};

static void numbers_of(const struct person *person, int64_t out[NUMBERS])
{
    const struct contact *contact = &person->contact;
    const int64_t none = INT64_MIN;

    out[KIND] = person->kind;
    out[PERSONAL] = person->personal;
    out[GROUP] = contact->group;
    out[PREFERRED_PLACE] = contact->preferred_place;
    out[BIRTHDAY] =
        contact->birthday.kind == WHEN_NONE ? none : contact->birthday.instant;
    out[ANNIVERSARY] = contact->anniversary.kind == WHEN_NONE
                           ? none
                           : contact->anniversary.instant;
    out[GENDER] = contact->gender;
    out[CLASS] = contact->class;
    out[HAS_PHOTO] = contact->has_photo;
    out[MODIFIED] = contact->modified;
}

static struct when day(int64_t instant)
{
    return instant == INT64_MIN
               ? (struct when){ .kind = WHEN_NONE }
               : (struct when){ .kind = WHEN_DATE, .instant = instant };
}

static void take_numbers(struct person *person, const int64_t in[NUMBERS])
{
    struct contact *contact = &person->contact;

    person->kind = (enum person_kind)in[KIND];
    person->personal = in[PERSONAL] != 0;
    contact->group = in[GROUP] != 0;
    contact->preferred_place = (int)in[PREFERRED_PLACE];
    contact->birthday = day(in[BIRTHDAY]);
    contact->anniversary = day(in[ANNIVERSARY]);
    contact->gender = (unsigned)in[GENDER];
    contact->class = (enum event_class)in[CLASS];
    contact->has_photo = in[HAS_PHOTO] != 0;
    contact->modified = in[MODIFIED];
}

/* --- Packing -------------------------------------------------------------- */

static void put(struct buf *out, char letter, size_t number, const char *text)
{
    buf_putc(out, letter);
    buf_putc(out, (char)number);
    buf_append(out, text, strlen(text) + 1);
}

static void put_texts(struct buf *out, const struct person *person)
{
    for (size_t i = 0; i < TEXTS; i++) {
        const char *const *at =
            (const void *)((const char *)person + texts[i].offset);

        for (size_t k = 0; k < texts[i].count; k++)
            if (at[k] != NULL && *at[k] != '\0')
                put(out, texts[i].letter, k, at[k]);
    }
}

static void put_lists(struct buf *out, const struct person *person)
{
    for (size_t i = 0; i < LISTS; i++) {
        const char *const *at;

        memcpy(&at, (const char *)person + lists[i].offset, sizeof at);
        for (; at != NULL && *at != NULL; at++)
            put(out, lists[i].letter, 0, *at);
    }
}

/* The first text of each row is there even if it is empty: it begins the row.
 */
static void put_rows(struct buf *out, const struct person *person)
{
    for (size_t i = 0; i < ROWS; i++) {
        const char *base = (const char *)person;
        const char *const *at;
        size_t count;

        memcpy(&at, base + rows[i].offset, sizeof at);
        memcpy(&count, base + rows[i].count, sizeof count);
        for (size_t row = 0; row < count; row++, at += rows[i].width)
            for (size_t k = 0; k < rows[i].width; k++)
                if (k == 0 || (at[k] != NULL && *at[k] != '\0'))
                    put(out, rows[i].letter, k, at[k] != NULL ? at[k] : "");
    }
}

static void put_numbers(struct buf *out, const struct person *person)
{
    int64_t numbers[NUMBERS];

    numbers_of(person, numbers);
    for (size_t i = 0; i < NUMBERS; i++) {
        char text[24];

        snprintf(text, sizeof text, "%lld", (long long)numbers[i]);
        if (numbers[i] != 0)
            put(out, NUMBER, i, text);
    }
}

/* Addresses come first, as they are looked for most. */
void person_pack(struct buf *out, const struct person *person)
{
    buf_putc(out, VERSION);
    put_lists(out, person);
    put_texts(out, person);
    put_rows(out, person);
    put_numbers(out, person);
}

/* --- Unpacking ------------------------------------------------------------ */

struct field {
    char letter;
    size_t number;
    const char *text;
};

/* False at the end, and where it is no row of ours. */
static bool next_field(const char **at, const char *end, struct field *field)
{
    if (end - *at < 3)
        return false;
    const char *stop = memchr(*at + 2, '\0', (size_t)(end - *at - 2));
    if (stop == NULL)
        return false;
    *field = (struct field){ **at, (unsigned char)(*at)[1], *at + 2 };
    *at = stop + 1;
    return true;
}

static size_t count_of(const char *data, size_t len, char letter,
                       bool rows_only)
{
    const char *at = data + 1, *end = data + len;
    struct field field;
    size_t count = 0;

    while (next_field(&at, end, &field))
        count += field.letter == letter && (!rows_only || field.number == 0);
    return count;
}

static void take_texts(struct person *person, const struct field *field)
{
    for (size_t i = 0; i < TEXTS; i++) {
        const char **to = (void *)((char *)person + texts[i].offset);

        if (texts[i].letter == field->letter && field->number < texts[i].count)
            to[field->number] = field->text;
    }
}

static void take_lists(struct arena *arena, const char *data, size_t len,
                       struct person *person)
{
    for (size_t i = 0; i < LISTS; i++) {
        size_t room = count_of(data, len, lists[i].letter, false), count = 0;
        const char *at = data + 1;
        struct field field;

        if (room == 0 && lists[i].letter != ADDRESS)
            continue;
        const char **list = arena_array(arena, room + 1, sizeof *list);
        while (next_field(&at, data + len, &field))
            if (field.letter == lists[i].letter)
                list[count++] = field.text;
        memcpy((char *)person + lists[i].offset, &list, sizeof list);
    }
}

static void take_rows(struct arena *arena, const char *data, size_t len,
                      struct person *person)
{
    for (size_t i = 0; i < ROWS; i++) {
        size_t count = count_of(data, len, rows[i].letter, true);
        const char *at = data + 1;
        struct field field;

        if (count == 0)
            continue;
        const char **list =
            arena_array(arena, count * rows[i].width, sizeof *list);
        const char **row = list - rows[i].width;
        while (next_field(&at, data + len, &field)) {
            if (field.letter != rows[i].letter || field.number >= rows[i].width)
                continue;
            row += field.number == 0 ? rows[i].width : 0;
            if (row >= list && *field.text != '\0')
                row[field.number] = field.text;
        }
        memcpy((char *)person + rows[i].offset, &list, sizeof list);
        memcpy((char *)person + rows[i].count, &count, sizeof count);
    }
}

struct person *person_unpack(struct arena *arena, const char *data, size_t len)
{
    struct person *person = arena_alloc(arena, sizeof *person);
    int64_t numbers[NUMBERS] = { 0 };
    const char *at = data + 1;
    struct field field;

    if (len == 0 || data[0] != VERSION)
        return NULL;
    while (next_field(&at, data + len, &field))
        if (field.letter == NUMBER && field.number < NUMBERS)
            str_to_i64(field.text, &numbers[field.number]);
        else
            take_texts(person, &field);
    take_lists(arena, data, len, person);
    take_rows(arena, data, len, person);
    take_numbers(person, numbers);
    return person;
}

struct person *person_copy(struct arena *arena, const struct person *person)
{
    struct buf packed;

    buf_init(&packed, arena);
    person_pack(&packed, person);
    return person_unpack(arena, packed.data, packed.len);
}

bool person_packed_has(const char *data, size_t len, const char *address)
{
    const char *at = data + 1;
    struct field field;

    if (len == 0 || data[0] != VERSION)
        return false;
    while (next_field(&at, data + len, &field) && field.letter == ADDRESS)
        if (str_equal_nocase(field.text, address))
            return true;
    return false;
}
