/*
 * xml_documents.c - see xml_documents.h
 *
 * This tells markup from text and nothing more; whether a document is
 * well-formed is for its reader to find out.  A document ends with the tag that
 * closes its first element.
 */
#include "proxy/format/xml_documents.h"

enum state {
    IN_TEXT,
    AFTER_LESS,   /* "<" */
    IN_TAG,       /* "<name" or "</name" */
    AFTER_BANG,   /* "<!" and what may become "<!--" or "<![CDATA[" */
    IN_COMMENT,   /* up to "-->" */
    IN_CDATA,     /* up to "]]>" */
    IN_DIRECTIVE, /* "<!DOCTYPE" and the like, up to ">" */
    IN_PROCESSING /* "<?xml", up to "?>" */
};

/* --- Marks --------------------------------------------------------------- */

/* Counts how much of the mark stands here.  Both marks are a character twice
 * before ">", so that a third one leaves two of them matched. */
static bool ends_with(struct xml_documents *documents, char c, char twice)
{
    if (c == '>' && documents->matched == 2) {
        documents->matched = 0;
        return true;
    }
    if (c != twice)
        documents->matched = 0;
    else if (documents->matched < 2)
        documents->matched++;
    return false;
}

static void enter(struct xml_documents *documents, enum state state)
{
    documents->state = state;
    documents->matched = 0;
}

/* --- Markup -------------------------------------------------------------- */

static void after_less(struct xml_documents *documents, char c)
{
    documents->closing = c == '/';
    documents->slash = false;
    documents->quote = 0;
    documents->named = 0;
    if (c == '!')
        enter(documents, AFTER_BANG);
    else if (c == '?')
        enter(documents, IN_PROCESSING);
    else
        enter(documents, IN_TAG);
}

static void after_bang(struct xml_documents *documents, char c)
{
    static const char cdata[] = "[CDATA[";

    if (c == '-' && documents->named == documents->matched) {
        documents->matched++;
        documents->named++;
        if (documents->matched == 2)
            enter(documents, IN_COMMENT);
    } else if (documents->matched == 0 && c == cdata[documents->named]) {
        documents->named++;
        if (cdata[documents->named] == '\0')
            enter(documents, IN_CDATA);
    } else {
        enter(documents, c == '>' ? IN_TEXT : IN_DIRECTIVE);
    }
}

/* True when this ends the document. */
static bool in_tag(struct xml_documents *documents, char c)
{
    if (documents->quote != 0) {
        if (c == documents->quote)
            documents->quote = 0;
        return false;
    }
    if (c != '>') {
        if (!documents->closing && (c == '"' || c == '\''))
            documents->quote = c;
        documents->slash = c == '/';
        return false;
    }
    enter(documents, IN_TEXT);
    if (documents->closing)
        documents->depth -= documents->depth > 0;
    else if (!documents->slash)
        documents->depth++;
    return documents->depth == 0;
}

static bool take(struct xml_documents *documents, char c)
{
    switch ((enum state)documents->state) {
    case IN_TEXT:
        if (c == '<')
            enter(documents, AFTER_LESS);
        return false;
    case AFTER_LESS:
        after_less(documents, c);
        return false;
    case IN_TAG:
        return in_tag(documents, c);
    case AFTER_BANG:
        after_bang(documents, c);
        return false;
    case IN_COMMENT:
        if (ends_with(documents, c, '-'))
            enter(documents, IN_TEXT);
        return false;
    case IN_CDATA:
        if (ends_with(documents, c, ']'))
            enter(documents, IN_TEXT);
        return false;
    case IN_DIRECTIVE:
        if (c == '>')
            enter(documents, IN_TEXT);
        return false;
    case IN_PROCESSING:
        if (c == '>' && documents->matched > 0)
            enter(documents, IN_TEXT);
        else
            documents->matched = c == '?';
        return false;
    }
    return false;
}

size_t xml_documents_next(struct xml_documents *documents, const char *data,
                          size_t len, bool *whole_out)
{
    *whole_out = false;
    for (size_t i = 0; i < len; i++)
        if (take(documents, data[i])) {
            *documents = (struct xml_documents){ 0 };
            *whole_out = true;
            return i + 1;
        }
    return len;
}
