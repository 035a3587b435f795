"""mesh-fleet as it is run: what it prints, what it leaves on disk, and how it refuses.

Tokens are read here by code of their own, from the layout alone."""
import base64
import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
import threading
import time
import unittest

import harness

CERT = 168
SCOPE = 32
DAY_S = 86400
KEY_ID = "00112233445566778899aabbccddeeff"


def read_token(text):
    """The parts of a token, by the layout."""
    body = text[len("rmt1."):]
    data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    cert = data[32:32 + CERT + SCOPE * data[32 + 7]]
    rest = data[32 + len(cert):]
    scopes = [cert[104 + SCOPE * i:104 + SCOPE * (i + 1)] for i in range(cert[7])]
    return {"root": data[:32], "cert": cert, "roles": cert[5], "flags": cert[6], "scopes": scopes,
            "begin": int.from_bytes(cert[8:16], "big"), "end": int.from_bytes(cert[16:24], "big"),
            "key": cert[24:56], "seed": rest[:32], "fleet_key": rest[32:64],
            "packet_number": int.from_bytes(rest[64:68], "big"), "packet_key": rest[68:100],
            "scope_keys": [rest[100 + 32 * i:132 + 32 * i] for i in range(cert[7])],
            "size": 132 - 32 + 32 * cert[7] - len(rest)}


def key_id(key):
    return hashlib.blake2b(key, digest_size=16).hexdigest()


def name_hash(name):
    return hashlib.blake2b(name.encode(), digest_size=16).digest()


class Fleet(unittest.TestCase):
    """Each test has a folder of its own, with a space in its path."""

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="runmesh fleet ")
        self.addCleanup(shutil.rmtree, self.root)
        self.dir = os.path.join(self.root, "deep", "fleet")

    def run_tool(self, *arguments, folder=None, environment=None):
        """(exit code, stdout, stderr)."""
        variables = {"HOME": self.root, "PATH": "/usr/bin:/bin"}
        variables.update(environment or {})
        where = [] if environment else ["--dir", folder or self.dir]
        done = subprocess.run([harness.binary("mesh-fleet"), *where, *arguments], env=variables,
                              timeout=20, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        return done.returncode, done.stdout, done.stderr

    def good(self, *arguments, **keywords):
        code, out, err = self.run_tool(*arguments, **keywords)
        self.assertEqual(code, 0, err)
        return out

    def bad(self, code, *arguments, **keywords):
        """A refusal: its code, nothing on stdout, one line that begins with the program."""
        found, out, err = self.run_tool(*arguments, **keywords)
        self.assertEqual((found, out), (code, ""), err)
        self.assertRegex(err, r"\Amesh-fleet: [^\n]+\n\Z")
        return err

    def token(self, *arguments):
        text = self.good("token", *arguments)
        self.assertRegex(text, r"\Armt1\.[A-Za-z0-9_-]+\n\Z")
        return text.strip()

    def mode(self, *names):
        return stat.S_IMODE(os.stat(os.path.join(self.dir, *names)).st_mode)

    def put(self, name, data):
        path = os.path.join(self.root, name)
        with open(path, "wb") as out:
            out.write(data)
        return path


class Init(Fleet):
    def test_a_new_fleet_is_private_whatever_the_umask(self):
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        self.good("init")
        self.good("token")
        issued = os.listdir(os.path.join(self.dir, "issued"))

        self.assertEqual((self.mode(), self.mode("issued")), (0o700, 0o700))
        self.assertEqual((self.mode("authority.key"), self.mode("fleet.state")), (0o600, 0o600))
        self.assertEqual([self.mode("issued", name) for name in issued], [0o600])
        self.assertEqual(sorted(os.listdir(self.dir)), ["authority.key", "fleet.state", "issued"])

    def test_a_second_init_refuses_and_changes_nothing(self):
        self.good("init")
        before = {}
        for name in ("authority.key", "fleet.state"):
            with open(os.path.join(self.dir, name), "rb") as file:
                before[name] = file.read()

        self.assertIn("has an authority already", self.bad(78, "init"))
        for name, data in before.items():
            with open(os.path.join(self.dir, name), "rb") as file:
                self.assertEqual(file.read(), data)

    def test_of_many_that_begin_at_once_one_makes_the_fleet(self):
        codes = []
        threads = [threading.Thread(target=lambda: codes.append(self.run_tool("init")[0]))
                   for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(sorted(codes), [0] + [78] * 11)
        self.assertIn("verdict:     valid", self.good("show", self.token()))

    def test_an_init_that_was_cut_short_is_begun_anew(self):
        self.good("init")
        os.unlink(os.path.join(self.dir, "authority.key"))
        self.put(os.path.join(self.dir, "authority.key.draft"), b"half")

        self.good("init")
        self.assertIn("verdict:     valid", self.good("show", self.token()))

    def test_without_dir_it_is_the_folder_of_the_node(self):
        config = os.path.join(self.root, "config")
        self.good("init", environment={"XDG_CONFIG_HOME": config})
        self.good("init", environment={"XDG_CONFIG_HOME": ""})
        for folder in (os.path.join(config, "runmesh"),
                       os.path.join(self.root, ".config", "runmesh")):
            self.assertTrue(os.path.exists(os.path.join(folder, "authority.key")))
        self.bad(64, "init", environment={"HOME": ""})


class Token(Fleet):
    def setUp(self):
        super().setUp()
        self.good("init")
        with open(os.path.join(self.dir, "authority.key"), "rb") as file:
            self.secret = file.read()

    def derived(self, data):
        return hashlib.blake2b(data, key=self.secret, digest_size=32).digest()

    def test_a_token_holds_what_its_layout_says(self):
        token = read_token(self.token("--scope", "OctoCat/Hello", "--scope=acme"))
        scopes = sorted([name_hash("octocat") + name_hash("hello"), name_hash("acme") + bytes(16)])

        self.assertEqual(token["size"], 0)
        self.assertEqual((token["roles"], token["flags"]), (1 | 2 | 4, 0))
        self.assertEqual(token["scopes"], scopes)
        self.assertEqual(token["scope_keys"], [self.derived(b"scope" + scope) for scope in scopes])
        self.assertEqual(token["fleet_key"], self.derived(b"fleet"))
        self.assertEqual(token["packet_number"], 1)
        self.assertAlmostEqual(token["begin"], time.time(), delta=60)
        self.assertEqual(token["end"] - token["begin"], 30 * DAY_S)

    def test_two_tokens_share_the_fleet_and_nothing_that_names_one(self):
        one, two = read_token(self.token()), read_token(self.token())
        for part in ("root", "fleet_key", "packet_key"):
            self.assertEqual(one[part], two[part])
        for part in ("key", "seed"):
            self.assertNotEqual(one[part], two[part])
        self.assertNotIn(self.secret, one["cert"])

    def test_expiry_and_roles_are_as_asked_up_to_their_limits(self):
        for text, seconds in (("1m", 60), ("6h", 21600), ("366d", 366 * DAY_S),
                              ("52w", 364 * DAY_S)):
            token = read_token(self.token("--expires", text))
            self.assertEqual(token["end"] - token["begin"], seconds)
        self.assertEqual(read_token(self.token("--roles", "fetch"))["roles"], 1 | 4)
        for text in ("367d", "0d", "30", "d", "-1d", "1.5d", "30s", "99999999999999999999d", "1dd"):
            self.assertIn("give 1m to 366d", self.bad(64, "token", "--expires=" + text))
        for text in ("state", "issue", "fetch,", "all", "Fetch"):
            self.assertIn("--roles", self.bad(64, "token", "--roles", text))

    def test_eight_scopes_are_taken_and_nine_refused(self):
        scopes = [f"--scope=owner{number}" for number in range(9)]
        self.assertEqual(len(read_token(self.token(*scopes[:8]))["scopes"]), 8)
        self.assertIn("up to 8", self.bad(64, "token", *scopes))
        for text in ("a/b/c", "/", "a/", "a b", "../x", "a" * 40, "a/" + "b" * 101):
            self.assertIn("give OWNER or OWNER/REPO", self.bad(64, "token", "--scope", text))

    def test_a_scope_comes_with_a_word_on_what_it_opens(self):
        self.assertIn("may read all private data", self.run_tool("token", "--scope", "acme")[2])
        self.assertEqual(self.run_tool("token")[2], "")


class Show(Fleet):
    def setUp(self):
        super().setUp()
        self.good("init")

    def test_all_of_a_token_is_shown_but_its_secrets(self):
        text = self.token("--scope", "acme")
        token = read_token(text)
        shown = self.good("show", text)

        self.assertIn(f"key id:      {key_id(token['key'])}\n", shown)
        self.assertIn("roles:       fetch,announce,issue\n", shown)
        self.assertIn(f"scope:       {name_hash('acme').hex()}/*\n", shown)
        self.assertIn(f"authority:   {key_id(token['root'])}\n", shown)
        self.assertIn("verdict:     valid\n", shown)
        for secret in (token["seed"], token["fleet_key"], token["packet_key"],
                       token["scope_keys"][0]):
            self.assertNotIn(secret.hex(), shown)
            self.assertNotIn(base64.urlsafe_b64encode(secret).decode().rstrip("=")[1:-1], shown)

    def test_a_token_is_read_from_a_file_with_or_without_its_sign(self):
        path = self.put("a token", self.token().encode() + b"\n")
        self.assertEqual(self.good("show", path), self.good("show", "@" + path))

    def test_a_token_is_shown_where_its_fleet_is_not_known(self):
        shown = self.good("show", self.token(), folder=os.path.join(self.root, "elsewhere"))
        self.assertIn("revocations: unknown", shown)

    def test_certificates_and_states_are_shown_too(self):
        self.token()
        issued = os.path.join(self.dir, "issued")
        cert = os.path.join(issued, os.listdir(issued)[0])
        self.assertIn("verdict:     valid", self.good("show", cert))
        state = self.good("show", os.path.join(self.dir, "fleet.state"))
        self.assertIn("version:     1\n", state)
        self.assertIn("verdict:     valid", state)

    def test_a_forged_token_is_told_from_a_true_one(self):
        text = self.token()
        data = bytearray(base64.urlsafe_b64decode(text[5:] + "=" * (-len(text[5:]) % 4)))
        data[32 + 5] |= 8
        forged = "rmt1." + base64.urlsafe_b64encode(data).decode().rstrip("=")
        code, shown, _ = self.run_tool("show", forged)
        self.assertEqual(code, 1)
        self.assertIn("verdict:     a signature is wrong", shown)

    def test_what_is_no_document_is_refused_without_repeating_a_token(self):
        text = self.token()
        for broken in (text[:-1], text + "A", text + "=", "rmt1.", text.replace("rmt1", "rmt2")):
            self.assertNotIn(text[5:60], self.bad(1, "show", broken) if broken.startswith("rmt1.")
                             else "")
        for data in (b"", b"RMC1", b"RMS1", b"x" * 20000, b"rmt1.\n\n", text.encode() + b"\nx"):
            self.assertIn("neither", self.bad(1, "show", self.put("bad", data)))
        self.assertIn("No such file", self.bad(1, "show", os.path.join(self.root, "nothing")))
        self.assertIn("directory", self.bad(1, "show", self.root))


class Change(Fleet):
    def setUp(self):
        super().setUp()
        self.good("init")

    def state(self):
        return self.good("show", os.path.join(self.dir, "fleet.state"))

    def test_a_revoked_token_is_refused_until_it_would_have_ended(self):
        one, two = self.token("--expires", "7d"), self.token()
        said = self.good("revoke", one)
        code, shown, _ = self.run_tool("show", one)

        self.assertEqual(code, 1)
        self.assertIn("verdict:     a key of the chain is revoked", shown)
        self.assertIn("verdict:     valid", self.good("show", two))
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(read_token(one)["end"]))
        self.assertIn(f"revoked {key_id(read_token(one)['key'])} until {end}", said)
        self.assertIn(f"revoked:     {key_id(read_token(one)['key'])} until {end}", self.state())

    def test_a_key_is_revoked_by_id_file_or_token_and_only_once(self):
        text = self.token()
        path = self.put("token", text.encode() + b"\n")
        for argument in (key_id(read_token(text)["key"]), "@" + path, text, KEY_ID):
            self.good("revoke", argument)
        self.assertEqual(self.state().count("revoked: "), 2)
        self.assertIn("version:     5\n", self.state())

    def test_what_can_not_be_revoked_is_told(self):
        text = self.token()
        other = os.path.join(self.root, "other")
        self.good("init", folder=other)
        self.assertIn("another authority", self.bad(1, "revoke", text, folder=other))
        self.assertIn("the authority itself",
                      self.bad(1, "revoke", key_id(read_token(text)["root"])))
        for argument in (KEY_ID[:-1], KEY_ID + "0", "zz" + KEY_ID[2:]):
            self.bad(1, "revoke", argument)
        self.bad(1, "revoke", os.path.join(self.dir, "fleet.state"))
        self.assertIn("version:     1\n", self.state())

    def test_rotate_counts_up_and_lists_what_to_issue_again(self):
        self.assertNotIn("issue again", self.good("rotate"))
        late, soon, gone = self.token(), self.token("--expires", "1d"), self.token()
        self.good("revoke", gone)
        lines = self.good("rotate").splitlines()

        self.assertIn("packet key 3 ", lines[0])
        self.assertEqual([line.split()[2] for line in lines[1:]],
                         [key_id(read_token(text)["key"]) for text in (soon, late)])
        self.assertIn("issue the token again", self.good("show", late))
        fresh = read_token(self.token())
        self.assertEqual(fresh["packet_number"], 3)
        self.assertNotEqual(fresh["packet_key"], read_token(late)["packet_key"])
        self.assertEqual(fresh["fleet_key"], read_token(late)["fleet_key"])

    def test_changes_at_once_are_all_kept(self):
        ids = [f"{number:032x}" for number in range(1, 13)]
        threads = [threading.Thread(target=self.run_tool, args=("revoke", name)) for name in ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sum(name in self.state() for name in ids), len(ids))
        self.assertIn("version:     13\n", self.state())


class Refusals(Fleet):
    def test_every_command_but_init_and_show_needs_a_fleet(self):
        for command in (["token"], ["revoke", KEY_ID], ["rotate"]):
            self.assertIn("No such file", self.bad(78, *command))
        os.makedirs(self.dir, mode=0o700)
        for command in (["token"], ["revoke", KEY_ID], ["rotate"]):
            self.assertIn("run mesh-fleet init", self.bad(78, *command))

    def test_a_key_or_folder_that_others_could_touch_is_refused(self):
        self.good("init")
        for name, mode in (("authority.key", 0o640), ("fleet.state", 0o644), ("", 0o770)):
            path = os.path.join(self.dir, name)
            before = stat.S_IMODE(os.stat(path).st_mode)
            os.chmod(path, mode)
            self.assertIn("go-rwx", self.bad(78, "token"))
            os.chmod(path, before)
        self.token()

    def test_damaged_files_are_refused(self):
        self.good("init")
        for name in ("authority.key", "fleet.state"):
            path = os.path.join(self.dir, name)
            with open(path, "rb") as file:
                before = file.read()
            for data in (b"", before[:-1], before + b"x", bytes([before[0] ^ 1]) + before[1:]):
                with open(path, "wb") as file:
                    file.write(data)
                self.assertIn("damaged or of another fleet", self.bad(78, "token"))
            with open(path, "wb") as file:
                file.write(before)
        os.rename(os.path.join(self.dir, "authority.key"), os.path.join(self.root, "key"))
        os.symlink(os.path.join(self.root, "key"), os.path.join(self.dir, "authority.key"))
        self.bad(78, "token")

    def test_wrong_usage_is_refused_with_the_way_to_help(self):
        for arguments in ([], ["nonsense"], ["init", "x"], ["show"], ["show", "a", "b"], ["revoke"],
                          ["token", "--expires"], ["token", "--nonsense"], ["token", "--roles="],
                          ["init", "--scope", "a"], ["rotate", "--expires", "1d"], ["--dirx", "a"]):
            self.assertIn("--help", self.bad(64, *arguments))

    def test_help_names_every_command_and_exit_code(self):
        said = self.good("--help")
        for word in ("init", "token", "show", "revoke", "rotate", "--dir", "--expires", "--roles",
                     "--scope", "rmt1.", "78"):
            self.assertIn(word, said)
        self.assertRegex(self.good("--version"), r"\Amesh-fleet \d+\.\d+\.\d+\n\Z")


if __name__ == "__main__":
    unittest.main()
