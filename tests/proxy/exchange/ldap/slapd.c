/*
 * slapd.c - OpenLDAP's server with some people in it, for one test
 */
#include "tests/proxy/exchange/ldap/slapd.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <openssl/pem.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proxy/base/str.h"
#include "tests/exchange/certificate.h"
#include "tests/ports.h"

#define PROGRAM "/usr/sbin/slapd"
#define SCHEMAS "/etc/ldap/schema/"
#define START_SECONDS 180

bool slapd_is_installed(void)
{
    return access(PROGRAM, X_OK) == 0;
}

/* --- Its files ------------------------------------------------------------ */

/* Opens a file of its directory for writing. */
static FILE *file_of(const struct slapd *slapd, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "%s/%s", slapd->directory, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    return file;
}

static void write_certificate(struct slapd *slapd)
{
    SSL_CTX *context = certificate_context(&slapd->ca_file);

    cr_assert_not_null(context);
    FILE *file = file_of(slapd, "certificate");
    PEM_write_X509(file, SSL_CTX_get0_certificate(context));
    fclose(file);
    file = file_of(slapd, "key");
    PEM_write_PrivateKey(file, SSL_CTX_get0_privatekey(context), NULL, NULL, 0,
                         NULL, NULL);
    fclose(file);
    SSL_CTX_free(context);
}

/* What Active Directory has and the schemas here do not. */
static const struct {
    const char *name;
    const char *rules;
    const char *syntax;
} more_attributes[] = {
    { "proxyAddresses", "caseIgnore", "15" },
    { "mailNickname", "caseIgnore", "15" },
    { "aNR", "caseIgnore", "15" },
    { "defaultNamingContext", "distinguishedName", "12" },
    { "supportedCapabilities", "objectIdentifier", "38" },
    { "msExchHideFromAddressLists", "boolean", "7" },
    { "msExchRecipientDisplayType", "integer", "27" },
};

static void write_schema(const struct slapd *slapd)
{
    FILE *file = file_of(slapd, "more.schema");

    for (size_t i = 0; i < sizeof more_attributes / sizeof more_attributes[0];
         i++) {
        const char *rules = more_attributes[i].rules;
        bool text = str_equal(rules, "caseIgnore");

        fprintf(file,
                "attributetype ( 1.1.2.%zu NAME '%s' EQUALITY %sMatch%s"
                " SYNTAX 1.3.6.1.4.1.1466.115.121.1.%s )\n",
                i + 1, more_attributes[i].name, rules,
                text ? " SUBSTR caseIgnoreSubstringsMatch" : "",
                more_attributes[i].syntax);
    }
    fclose(file);
}

static void write_settings(const struct slapd *slapd,
                           const struct slapd_kind *kind)
{
    static const char *const schemas[] = { "core", "cosine", "inetorgperson" };
    FILE *file = file_of(slapd, "root.ldif");

    fputs("dn:\nsupportedCapabilities: 1.2.840.113556.1.4.800\n"
          "defaultNamingContext: " SLAPD_BASE "\n",
          file);
    fclose(file);

    file = file_of(slapd, "slapd.conf");
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++)
        fprintf(file, "include " SCHEMAS "%s.schema\n", schemas[i]);
    fprintf(file, "include %s/more.schema\n", slapd->directory);
    fprintf(file, "modulepath /usr/lib/ldap\nmoduleload back_mdb\n");
    fprintf(file, "pidfile %s/pid\n", slapd->directory);
    if (kind->like_active_directory)
        fprintf(file, "rootDSE %s/root.ldif\n", slapd->directory);
    if (!kind->no_tls)
        fprintf(file,
                "TLSCertificateFile %s/certificate\n"
                "TLSCertificateKeyFile %s/key\n",
                slapd->directory, slapd->directory);
    fprintf(file,
            "sizelimit size.soft=100000 size.hard=100000\n"
            "database mdb\nsuffix \"" SLAPD_BASE "\"\ndirectory %s/data\n"
            "maxsize 67108864\n"
            "access to attrs=userPassword by anonymous auth\n"
            "access to * by users read by anonymous auth\n",
            slapd->directory);
    fclose(file);
}

static const char colleagues[] =
    "dn: " SLAPD_BASE "\nobjectClass: domain\ndc: example\n\n"
    "dn: ou=people," SLAPD_BASE "\nobjectClass: organizationalUnit\n"
    "ou: people\n\n"
    "dn: " SLAPD_ANN "\nobjectClass: inetOrgPerson\n"
    "objectClass: extensibleObject\nuid: ann\ncn: Ann Example\nsn: Example\n"
    "givenName: Ann\nmail: Ann@example.com\ntitle: Baker\n"
    "telephoneNumber: +49 30 1234\nuserPassword: ann\n"
    "proxyAddresses: SMTP:Ann@example.com\n"
    "proxyAddresses: smtp:ann.example@example.com\n"
    "proxyAddresses: X400:c=US;s=Example\naNR: ann\n"
    "manager: uid=bert,ou=people," SLAPD_BASE "\n\n"
    "dn: uid=bert,ou=people," SLAPD_BASE "\nobjectClass: inetOrgPerson\n"
    "objectClass: extensibleObject\nuid: bert\ncn: Bert van Example\n"
    "sn: van Example\ngivenName: Bert\nmail: bert@example.com\n"
    "l: Berlin\ndistinguishedName: uid=bert,ou=people," SLAPD_BASE "\n"
    "jpegPhoto:: /9j/4AAQSkZJRg==\n\n"
    "dn: uid=hidden,ou=people," SLAPD_BASE "\nobjectClass: inetOrgPerson\n"
    "objectClass: extensibleObject\nuid: hidden\ncn: Ann Hidden\nsn: Hidden\n"
    "mail: hidden@example.com\nmsExchHideFromAddressLists: TRUE\n\n"
    "dn: uid=mute,ou=people," SLAPD_BASE "\nobjectClass: inetOrgPerson\n"
    "uid: mute\ncn: Ann Mute\nsn: Mute\n\n"
    "dn: cn=Oven,ou=people," SLAPD_BASE "\nobjectClass: inetOrgPerson\n"
    "objectClass: extensibleObject\ncn: Oven\nsn: Oven\n"
    "mail: oven@example.com\nmsExchRecipientDisplayType: 7\n\n"
    "dn: cn=Bakers,ou=people," SLAPD_BASE "\nobjectClass: groupOfNames\n"
    "objectClass: extensibleObject\ncn: Bakers\nmail: bakers@example.com\n"
    "member: " SLAPD_ANN "\n"
    "member: uid=bert,ou=people," SLAPD_BASE "\n"
    "member: uid=mute,ou=people," SLAPD_BASE "\n"
    "member: uid=gone,ou=people," SLAPD_BASE "\n\n";

static void write_entries(const struct slapd *slapd,
                          const struct slapd_kind *kind, const char *entries)
{
    FILE *file = file_of(slapd, "entries.ldif");

    fputs(colleagues, file);
    fputs(entries, file);
    for (unsigned i = 0; i < kind->crowd; i++)
        fprintf(file,
                "dn: uid=crowd%u,ou=people," SLAPD_BASE "\n"
                "objectClass: inetOrgPerson\nuid: crowd%u\n"
                "cn: Crowd Number%u\nsn: Number%u\n"
                "mail: crowd%u@example.com\n\n",
                i, i, i, i, i);
    fclose(file);
}

/* --- Its process ---------------------------------------------------------- */

static pid_t start(const char *const arguments[])
{
    pid_t pid = fork();

    cr_assert_geq(pid, 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does not outlive its test */
        if (freopen("/dev/null", "w", stdout) == NULL ||
            freopen("/dev/null", "w", stderr) == NULL)
            _exit(126);
        execv(PROGRAM, (char **)arguments);
        _exit(127);
    }
    return pid;
}

/* The same program under another name puts the entries into the files. */
static void add_entries(const struct slapd *slapd)
{
    char settings[64], entries[64];
    int how;

    snprintf(settings, sizeof settings, "%s/slapd.conf", slapd->directory);
    snprintf(entries, sizeof entries, "%s/entries.ldif", slapd->directory);
    const char *arguments[] = { "slapadd", "-q",    "-f", settings,
                                "-l",      entries, NULL };
    pid_t pid = start(arguments);
    cr_assert_eq(waitpid(pid, &how, 0), pid);
    cr_assert(WIFEXITED(how) && WEXITSTATUS(how) == 0, "slapadd: %d", how);
}

static void launch(struct slapd *slapd)
{
    char settings[64], urls[96];

    snprintf(settings, sizeof settings, "%s/slapd.conf", slapd->directory);
    snprintf(urls, sizeof urls, "ldap://127.0.0.1:%d/ ldaps://127.0.0.1:%d/",
             slapd->port, slapd->tls_port);
    const char *arguments[] = { "slapd", "-h", urls,     "-d",
                                "0",     "-f", settings, NULL };
    slapd->pid = start(arguments);
    for (unsigned tries = 0; tries < START_SECONDS * 50; tries++) {
        if (ports_is_open((uint16_t)slapd->port) &&
            ports_is_open((uint16_t)slapd->tls_port))
            return;
        cr_assert_eq(waitpid(slapd->pid, NULL, WNOHANG), 0, "slapd has ended");
        nanosleep(&(struct timespec){ .tv_nsec = 20 * 1000000 }, NULL);
    }
    cr_assert_fail("slapd does not listen");
}

static void stop(struct slapd *slapd)
{
    kill(slapd->pid, SIGKILL);
    waitpid(slapd->pid, NULL, 0);
}

/* --- All of it ------------------------------------------------------------ */

void slapd_begin(struct slapd *slapd, const struct slapd_kind *kind,
                 const char *entries)
{
    char data[64];

    *slapd = (struct slapd){ .directory = "/tmp/slapd-XXXXXX" };
    cr_assert_not_null(mkdtemp(slapd->directory));
    snprintf(data, sizeof data, "%s/data", slapd->directory);
    cr_assert_eq(mkdir(data, 0700), 0);
    write_certificate(slapd);
    write_schema(slapd);
    write_settings(slapd, kind);
    write_entries(slapd, kind, entries);
    add_entries(slapd);
    slapd->port = ports_take();
    slapd->tls_port = ports_take();
    launch(slapd);
}

void slapd_restart(struct slapd *slapd)
{
    stop(slapd);
    launch(slapd);
}

static void remove_file(const struct slapd *slapd, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "%s/%s", slapd->directory, name);
    cr_expect(unlink(path) == 0 || errno == ENOENT, "%s", path);
}

void slapd_end(struct slapd *slapd)
{
    static const char *const files[] = {
        "certificate",  "key", "more.schema",   "root.ldif",    "slapd.conf",
        "entries.ldif", "pid", "data/data.mdb", "data/lock.mdb"
    };
    char data[64];

    stop(slapd);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        remove_file(slapd, files[i]);
    snprintf(data, sizeof data, "%s/data", slapd->directory);
    rmdir(data);
    rmdir(slapd->directory);
    unlink(slapd->ca_file);
    free(slapd->ca_file);
}
