/*
 * xml_documents.h - finds where each document ends in a stream of several
 *
 * Exchange tells of news in whole envelopes, one after the other in one answer
 * that lasts half an hour.  Nothing but their own structure says where one ends
 * and the next begins: the pieces that come over the network mean nothing, and
 * each document may have an XML declaration of its own.
 */
#ifndef POSTERN_FORMAT_XML_DOCUMENTS_H
#define POSTERN_FORMAT_XML_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

/* Start with all of it zero. */
struct xml_documents {
    int state;      /* what kind of markup it is in */
    size_t depth;   /* open elements */
    size_t matched; /* octets of the mark that ends this markup */
    size_t named;   /* octets since "<!", for telling what begins there */
    bool closing;   /* the tag is an end tag */
    bool slash;     /* the last octet of the tag was a slash */
    char quote;     /* of the attribute's value that it is in; 0: none */
};

/* How many of these octets belong to the document at hand; `*whole_out` tells
 * whether it ends with the last of them.  The rest is for the next call. */
size_t xml_documents_next(struct xml_documents *documents, const char *data,
                          size_t len, bool *whole_out);

#endif
