/*
 * gnutls.c - GnuTLS is made ready by whoever needs it
 *
 * libldap may bring it along, and left alone it makes itself ready at each
 * start of ours and tests itself: a megabyte of memory, for nothing where there
 * is no directory server.  Where there is one, libldap makes it ready.
 *
 * This is what the macro GNUTLS_SKIP_GLOBAL_INIT stands for.  Its header is
 * not included, as it is missing where libldap goes with another library.
 */
int _gnutls_global_init_skip(void);

int _gnutls_global_init_skip(void)
{
    return 1;
}
