/*
 * vcard_write.c - a vCard of a contact
 *
 * Writing goes the way of reading over the kept card: a line whose field still
 * has the value that the line gives it stays as it is, one whose field has
 * another gets that, one whose field is empty goes, and fields without a line
 * get new ones.
 */
#include "proxy/format/vcard_private.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

#define KEEP_MAX ((size_t)128 * 1024)

struct writing {
    struct arena *arena;
    struct buf out;
    const struct contact *contact;
    enum vcard_version version;
    struct vcard_reading kept;
    const char **values; /* of each field; NULL: it has none */
    const char *dropped; /* the group of a line that went */
};

static void write_line(struct writing *writing, const char *name,
                       const char *param, const char *param_value,
                       const char *value)
{
    struct card_param one = { param, param_value };
    struct card_line line = { .name = name,
                              .params = &one,
                              .param_count = param != NULL ? 1 : 0,
                              .value = value };

    card_write(&writing->out, &line);
}

/* What is preferred is said by a parameter of its own from version 4 on. */
static struct card_line adapt(struct writing *writing,
                              const struct card_line *line)
{
    bool newer = writing->version == VCARD_4;
    struct card_line adapted = *line;
    struct card_param *params =
        arena_array(writing->arena, line->param_count + 1, sizeof *params);

    if (writing->kept.version == writing->version)
        return adapted;
    for (size_t i = 0; i < line->param_count; i++) {
        params[i] = line->params[i];
        if (newer && strcmp(params[i].name, "TYPE") == 0 &&
            str_equal_nocase(params[i].value, "PREF"))
            params[i] = (struct card_param){ "PREF", "1" };
        else if (!newer && strcmp(params[i].name, "PREF") == 0)
            params[i] = (struct card_param){ "TYPE", "PREF" };
    }
    adapted.params = params;
    return adapted;
}

/* A field's kept line, with the value it has now. */
static void write_kept_field(struct writing *writing,
                             const struct card_line *line, size_t f)
{
    const struct card_field *field = &card_fields[f];
    const char *now = writing->values[f];
    const char *before = field->shape->value(
        writing->arena, &writing->kept.contact, field, writing->version);
    const char *written = field->shape->value(
        writing->arena, &writing->kept.contact, field, writing->kept.version);
    struct card_line adapted = adapt(writing, line);
    bool renamed =
        writing->kept.version != writing->version && field->older != NULL;

    if (now == NULL) {
        writing->dropped = line->group;
        return;
    }
    if (renamed)
        adapted = card_field_line(writing->arena, field, now, writing->version);
    else if (!str_equal(now, before) || !str_equal(written, before))
        adapted.value = now;
    card_write(&writing->out, &adapted);
}

static void write_kept(struct writing *writing)
{
    const struct card *card = &writing->kept.card;

    for (size_t i = 0; i < card->count; i++) {
        int which = writing->kept.which[i];

        if (which >= 0) {
            write_kept_field(writing, &card->lines[i], (size_t)which);
        } else if (which == VCARD_LINE_OWN &&
                   (writing->dropped == NULL ||
                    !str_equal_nocase(card->lines[i].group,
                                      writing->dropped))) {
            struct card_line line = adapt(writing, &card->lines[i]);
            card_write(&writing->out, &line);
        }
    }
}

/* Whether a line before has been given to the same slot. */
static bool is_alias(size_t f)
{
    for (size_t i = 0; i < f; i++)
        if (vcard_is_same_slot(&card_fields[i], &card_fields[f]))
            return true;
    return false;
}

/* Says of the address that mail goes to that it is that one. */
static void prefer(struct writing *writing, struct card_line *line)
{
    struct card_param *params =
        arena_array(writing->arena, line->param_count + 1, sizeof *params);

    for (size_t i = 0; i < line->param_count; i++)
        params[i] = line->params[i];
    params[line->param_count] = writing->version == VCARD_4
                                    ? (struct card_param){ "PREF", "1" }
                                    : (struct card_param){ "TYPE", "PREF" };
    line->params = params;
    line->param_count++;
}

static void write_new(struct writing *writing)
{
    for (size_t f = 0; f < card_field_count; f++) {
        if (writing->values[f] == NULL || is_alias(f) ||
            vcard_is_taken(&writing->kept, f))
            continue;
        struct card_line line =
            card_field_line(writing->arena, &card_fields[f], writing->values[f],
                            writing->version);
        if (strcmp(line.name, "ADR") == 0 &&
            card_fields[f].slot == writing->contact->preferred_place)
            prefer(writing, &line);
        card_write(&writing->out, &line);
    }
}

static void write_photo(struct writing *writing)
{
    const struct contact *contact = writing->contact;
    const char *type = vcard_image_type(writing->arena, contact->photo_type);

    if (contact->photo == NULL || contact->photo_len == 0)
        return;
    size_t size = (size_t)base64_encoded_size(contact->photo_len);
    char *text = arena_alloc(writing->arena, size + 1);
    base64_encode(contact->photo, contact->photo_len, text);
    if (writing->version == VCARD_4) {
        write_line(
            writing, "PHOTO", NULL, NULL,
            arena_printf(writing->arena, "data:%s;base64,%s", type, text));
        return;
    }
    const char *slash = strchr(type, '/');
    struct card_param params[] = {
        { "ENCODING", "b" },
        { "TYPE", slash != NULL ? slash + 1 : type },
    };
    struct card_line line = {
        .name = "PHOTO", .params = params, .param_count = 2, .value = text
    };
    card_write(&writing->out, &line);
}

/* Exchange calls a member without a name by his address. */
static bool is_named(const struct contact_member *member)
{
    return vcard_has(member->name) &&
           !str_equal_nocase(member->name, member->address);
}

static void write_group(struct writing *writing)
{
    const struct contact *contact = writing->contact;
    bool newer = writing->version == VCARD_4;
    const char *member = newer ? "MEMBER" : "X-ADDRESSBOOKSERVER-MEMBER";

    if (!contact->group)
        return;
    write_line(writing, newer ? "KIND" : "X-ADDRESSBOOKSERVER-KIND", NULL, NULL,
               "group");
    for (size_t i = 0; i < contact->member_count; i++) {
        const struct contact_member *one = &contact->members[i];

        if (vcard_has(one->address))
            write_line(
                writing, member, is_named(one) ? "X-CN" : NULL, one->name,
                arena_printf(writing->arena, VCARD_MAILTO "%s", one->address));
    }
}

/* The structured name, which version 3 wants in every card (RFC 2426, 3.1.2):
 * groups have their name for it, as Apple writes it, and people who have none
 * an empty one. */
static void write_structured_name(struct writing *writing)
{
    const struct contact *contact = writing->contact;
    const char *name =
        contact->group ? contact->text[CONTACT_DISPLAY_NAME] : "";

    if (writing->version != VCARD_4 &&
        strstr(writing->out.data, "\r\nN:") == NULL &&
        strstr(writing->out.data, "\r\nN;") == NULL)
        write_line(writing, "N", NULL, NULL,
                   arena_printf(writing->arena, "%s;;;;",
                                card_escape(writing->arena, name)));
}

/* What only Exchange says: certificates, unless the client has some itself. */
static void write_certificates(struct writing *writing)
{
    const struct contact *contact = writing->contact;
    const struct card *card = &writing->kept.card;

    for (size_t i = 0; i < card->count; i++)
        if (strcmp(card->lines[i].name, "KEY") == 0)
            return;
    for (size_t i = 0;
         contact->certificates != NULL && contact->certificates[i] != NULL; i++)
        if (writing->version == VCARD_4)
            write_line(writing, "KEY", NULL, NULL,
                       arena_printf(writing->arena,
                                    "data:application/pkix-cert;base64,%s",
                                    contact->certificates[i]));
        else
            write_line(writing, "KEY", "ENCODING", "b",
                       contact->certificates[i]);
}

/* The name by which contacts are sorted where nobody has said another. */
static const char *usual_sorting(struct arena *arena,
                                 const struct contact *contact)
{
    const char *given = contact->text[CONTACT_GIVEN_NAME];
    const char *surname = contact->text[CONTACT_SURNAME];

    if (vcard_has(given) && vcard_has(surname))
        return arena_printf(arena, "%s, %s", surname, given);
    return vcard_has(given)     ? given
           : vcard_has(surname) ? surname
                                : contact->text[CONTACT_DISPLAY_NAME];
}

const char *vcard_write(struct arena *arena, const struct contact *contact,
                        const char *kept, enum vcard_version version)
{
    struct writing *writing = arena_alloc(arena, sizeof *writing);
    struct contact named = *contact;

    writing->arena = arena;
    writing->contact = &named;
    writing->version = version;
    writing->values =
        arena_array(arena, card_field_count, sizeof *writing->values);
    if (kept == NULL || vcard_understand(arena, kept, strlen(kept),
                                         &writing->kept) != CARD_FINE)
        writing->kept = (struct vcard_reading){ .version = version };
    if (!vcard_has(named.text[CONTACT_DISPLAY_NAME]))
        named.text[CONTACT_DISPLAY_NAME] = vcard_composed_name(arena, contact);
    if (!vcard_has(named.text[CONTACT_DISPLAY_NAME]))
        named.text[CONTACT_DISPLAY_NAME] = vcard_has(contact->email[0].address)
                                               ? contact->email[0].address
                                               : "(no name)";
    if (!vcard_has(writing->kept.contact.text[CONTACT_FILE_AS]) &&
        str_equal(named.text[CONTACT_FILE_AS], usual_sorting(arena, &named)))
        named.text[CONTACT_FILE_AS] = NULL;
    for (size_t f = 0; f < card_field_count; f++)
        writing->values[f] = card_fields[f].shape->value(
            arena, &named, &card_fields[f], version);
    buf_init(&writing->out, arena);
    buf_puts(&writing->out, "BEGIN:VCARD\r\n");
    write_line(writing, "VERSION", NULL, NULL,
               version == VCARD_4 ? "4.0" : "3.0");
    write_line(writing, "UID", NULL, NULL,
               vcard_has(contact->uid) ? card_escape(arena, contact->uid) : "");
    write_group(writing);
    write_kept(writing);
    write_new(writing);
    write_structured_name(writing);
    write_photo(writing);
    write_certificates(writing);
    buf_puts(&writing->out, "END:VCARD\r\n");
    return writing->out.data;
}

/* --- Keeping -------------------------------------------------------------- */

/* Whether a card made of the contact alone has this line. */
static bool is_made(const struct buf *line, const char *made)
{
    return strstr(made, line->data) != NULL;
}

const char *vcard_keep(struct arena *arena, const char *text, size_t len,
                       const struct contact *contact)
{
    struct vcard_reading reading;
    struct buf out, line;
    bool more = false;

    if (vcard_understand(arena, text, len, &reading) != CARD_FINE)
        return NULL;
    const char *made = vcard_write(arena, contact, NULL, reading.version);
    buf_init(&out, arena);
    buf_init(&line, arena);
    buf_puts(&out, "BEGIN:VCARD\r\n");
    for (size_t i = 0; i < reading.card.count; i++) {
        if (strcmp(reading.card.lines[i].name, "PHOTO") == 0 &&
            reading.which[i] == VCARD_LINE_SPECIAL)
            continue;
        buf_clear(&line);
        card_write(&line, &reading.card.lines[i]);
        more |= !is_made(&line, made);
        buf_append(&out, line.data, line.len);
    }
    buf_puts(&out, "END:VCARD\r\n");
    return more && out.len <= KEEP_MAX ? out.data : NULL;
}
