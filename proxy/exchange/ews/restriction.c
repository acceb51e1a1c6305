/*
 * restriction.c - see restriction.h
 *
 * A field of IMAP is several properties of Exchange, of which any may contain
 * the text: lists of recipients hold what was typed, and the header of a
 * received message holds the addresses.
 */
#include "proxy/exchange/ews/restriction.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/str.h"

#define PROPERTIES_MAX 12

/* clang-format off */

/* What each property serves for; bits of 1 << MAIL_SEARCH_*.  MAIL_SEARCH_TEXT
 * takes all but the hidden recipients. */
#define IN(field) (1u << MAIL_SEARCH_##field | 1u << MAIL_SEARCH_TEXT)

static const struct {
    unsigned fields;
    struct property property;
} searched[] = {
    { IN(BODY),    { PROPERTY_FIELD, 0, "item:Body", NULL } },
    { IN(SUBJECT), { PROPERTY_FIELD, 0, "item:Subject", NULL } },
    { IN(FROM),    { PROPERTY_TAG, 0x0c1f, NULL, "String" } },  /* sender's address */
    { IN(FROM),    { PROPERTY_TAG, 0x5d01, NULL, "String" } },  /* the same, SMTP */
    { IN(FROM),    { PROPERTY_TAG, 0x0065, NULL, "String" } },  /* author's address */
    { IN(FROM),    { PROPERTY_TAG, 0x5d02, NULL, "String" } },  /* the same, SMTP */
    { IN(FROM),    { PROPERTY_TAG, 0x0042, NULL, "String" } },  /* author's name */
    { IN(TO),      { PROPERTY_FIELD, 0, "message:ToRecipients", NULL } },
    { IN(TO),      { PROPERTY_FIELD, 0, "item:DisplayTo", NULL } },
    { IN(CC),      { PROPERTY_FIELD, 0, "message:CcRecipients", NULL } },
    { IN(CC),      { PROPERTY_FIELD, 0, "item:DisplayCc", NULL } },
    { 1u << MAIL_SEARCH_BCC, { PROPERTY_FIELD, 0, "message:BccRecipients", NULL } },
};

/* Fields of a header that have a property of their own. */
static const struct {
    const char *header;
    struct property property;
} headers[] = {
    { "Message-ID",  { PROPERTY_FIELD, 0, "message:InternetMessageId", NULL } },
    { "Subject",     { PROPERTY_FIELD, 0, "item:Subject", NULL } },
    { "In-Reply-To", { PROPERTY_FIELD, 0, "item:InReplyTo", NULL } },
    { "References",  { PROPERTY_FIELD, 0, "message:References", NULL } },
};
/* clang-format on */

void restriction_equals(struct xml_writer *writer,
                        const struct property *property, const char *text)
{
    xml_open(writer, "t:IsEqualTo");
    property_write_path(writer, property);
    xml_open(writer, "t:FieldURIOrConstant");
    xml_open(writer, "t:Constant");
    xml_attribute(writer, "Value", text);
    xml_close(writer);
    xml_close(writer);
    xml_close(writer);
}

static void contains_in(struct xml_writer *writer, const char *mode,
                        const struct property *property, const char *text)
{
    xml_open(writer, "t:Contains");
    xml_attribute(writer, "ContainmentMode", mode);
    xml_attribute(writer, "ContainmentComparison", "IgnoreCase");
    property_write_path(writer, property);
    xml_open(writer, "t:Constant");
    xml_attribute(writer, "Value", text);
    xml_close(writer);
    xml_close(writer);
}

static void contains(struct xml_writer *writer, const struct property *property,
                     const char *text)
{
    contains_in(writer, "Substring", property, text);
}

void restriction_begins(struct xml_writer *writer,
                        const struct property *property, const char *text)
{
    contains_in(writer, "Prefixed", property, text);
}

static void exists(struct xml_writer *writer, const struct property *property)
{
    xml_open(writer, "t:Exists");
    property_write_path(writer, property);
    xml_close(writer);
}

static void search_header(struct xml_writer *writer, enum ews_version version,
                          const char *name, const char *text)
{
    struct property header = { PROPERTY_HEADER, 0, name, "String" };
    const struct property *property = &header;
    char field[256];

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (str_equal_nocase(headers[i].header, name))
            property = &headers[i].property;
    /* Only Exchange 2007 searches single fields of the header, later ones all
     * of it. */
    if (property == &header && version > EWS_2007_SP1) {
        property = &property_header;
        snprintf(field, sizeof field, "%s:", name);
        if (*text == '\0')
            text = field;
    }
    if (*text == '\0')
        exists(writer, property);
    else
        contains(writer, property, text);
}

void restriction_search(struct xml_writer *writer, enum ews_version version,
                        enum mail_search_field field, const char *name,
                        const char *text)
{
    const struct property *found[PROPERTIES_MAX + 1];
    size_t count = 0;

    if (field == MAIL_SEARCH_HEADER) {
        search_header(writer, version, name, text);
        return;
    }
    for (size_t i = 0; i < sizeof searched / sizeof *searched; i++)
        if (searched[i].fields & 1u << field)
            found[count++] = &searched[i].property;
    if (field == MAIL_SEARCH_TEXT && version > EWS_2007_SP1)
        found[count++] = &property_header;
    if (count > 1)
        xml_open(writer, "t:Or");
    for (size_t i = 0; i < count; i++)
        contains(writer, found[i], text);
    if (count > 1)
        xml_close(writer);
}
