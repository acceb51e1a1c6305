/*
 * certificates.c - see certificates.h
 */
#include "proxy/exchange/http/certificates.h"

#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

/* A bundle of all authorities in the world has about 250 kB. */
#define LARGEST_FILE (16 * 1024 * 1024)

static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

static bool append_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "re");
    size_t start = out->len;
    size_t got = 1;

    if (file == NULL)
        return false;
    while (got > 0 && out->len - start < LARGEST_FILE) {
        got = fread(buf_reserve(out, 65536), 1, 65536, file);
        out->len += got;
    }
    bool good = got == 0 && !ferror(file);
    fclose(file);
    buf_putc(out, '\n');
    return good;
}

static void append_system(struct buf *out)
{
    const char *own = curl_version_info(CURLVERSION_NOW)->cainfo;

    if (own != NULL && append_file(own, out))
        return;
    for (size_t i = 0; i < sizeof bundles / sizeof *bundles; i++)
        if (append_file(bundles[i], out))
            return;
}

bool certificates_load(const char *added, struct buf *out)
{
    append_system(out);
    size_t start = out->len;

    if (*added == '\0')
        return true;
    return append_file(added, out) &&
           strstr(out->data + start, "-----BEGIN CERTIFICATE-----") != NULL;
}
