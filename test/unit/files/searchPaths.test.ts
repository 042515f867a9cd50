/** Where an interpreter's packages are, told from its files. */

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { searchPathsOf } from '../../../server/src/workspace/searchPaths';
import { temporaryFolder } from './temporaryFolder';

type Files = Parameters<typeof temporaryFolder>[0];

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly python: string;
  readonly expected: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Windows lets only some users make symbolic links. */
  readonly needsLinks?: boolean;
}

const keep = (...folders: string[]): Files => Object.fromEntries(folders.map((folder) => [`${folder}/keep.txt`, '']));
const file = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, '']));

const cases: Case[] = [
  {
    name: 'an installation, with the version of the executable among several',
    files: {
      ...file('usr/bin/python3.11'),
      ...keep(
        'usr/lib/python3.9/site-packages',
        'usr/lib/python3.11/site-packages',
        'usr/lib/python3.12/site-packages',
      ),
      ...keep('usr/lib64/python3.11/site-packages'),
    },
    python: 'usr/bin/python3.11',
    expected: ['usr/lib/python3.11/site-packages', 'usr/lib64/python3.11/site-packages'],
  },
  {
    name: 'the newest version where nothing tells it, by number',
    files: {
      ...file('usr/bin/python'),
      ...keep('usr/lib/python3.9/site-packages', 'usr/lib/python3.10/site-packages'),
    },
    python: 'usr/bin/python',
    expected: ['usr/lib/python3.10/site-packages'],
  },
  {
    name: 'a library without a global lock goes with its own executable',
    files: {
      ...file('u/bin/python3.13t'),
      ...keep('u/lib/python3.13t/site-packages', 'u/lib/python3.13/site-packages'),
    },
    python: 'u/bin/python3.13t',
    expected: ['u/lib/python3.13t/site-packages'],
  },
  {
    name: 'Debian',
    files: {
      'usr/bin/python3': { link: 'python3.11' },
      ...file('usr/bin/python3.11'),
      ...keep('usr/lib/python3/dist-packages', 'usr/lib/python3.11', 'usr/local/lib/python3.11/dist-packages'),
      ...keep('usr/local/lib/python3.11/site-packages'),
    },
    python: 'usr/bin/python3',
    expected: ['usr/local/lib/python3.11/dist-packages', 'usr/lib/python3/dist-packages'],
    needsLinks: true,
  },
  {
    name: "the user's own packages go first",
    files: {
      ...file('usr/bin/python3.11'),
      ...keep('usr/lib/python3.11/site-packages', 'home/.local/lib/python3.11/site-packages'),
    },
    python: 'usr/bin/python3.11',
    expected: ['home/.local/lib/python3.11/site-packages', 'usr/lib/python3.11/site-packages'],
  },
  {
    name: "the user's own packages are left out where Python is told so",
    files: {
      ...file('usr/bin/python3.11'),
      ...keep('usr/lib/python3.11/site-packages', 'home/.local/lib/python3.11/site-packages'),
    },
    python: 'usr/bin/python3.11',
    environment: { PYTHONNOUSERSITE: '1' },
    expected: ['usr/lib/python3.11/site-packages'],
  },
  {
    name: 'PYTHONPATH goes before all',
    files: { ...file('usr/bin/python3.11'), ...keep('usr/lib/python3.11/site-packages', 'mine') },
    python: 'usr/bin/python3.11',
    environment: { PYTHONPATH: ['{folder}/mine', '{folder}/absent', ''].join(path.delimiter) },
    expected: ['mine', 'usr/lib/python3.11/site-packages'],
  },
  {
    name: 'a virtual environment is closed',
    files: {
      ...file('usr/bin/python3.11'),
      ...keep('usr/lib/python3.11/site-packages', 'home/.local/lib/python3.11/site-packages'),
      ...keep('ws/.venv/lib/python3.11/site-packages', 'ws/.venv/lib/python3.10/site-packages'),
      'ws/.venv/bin/python': { link: '../../../usr/bin/python3.11' },
      'ws/.venv/lib64': { link: 'lib' },
      'ws/.venv/pyvenv.cfg': 'home = {folder}/usr/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n',
    },
    python: 'ws/.venv/bin/python',
    expected: ['ws/.venv/lib/python3.11/site-packages'],
    needsLinks: true,
  },
  {
    name: 'a virtual environment that lets the system in; its executable is a copy',
    files: {
      ...file('usr/bin/python3', 'ws/.venv/bin/python'),
      ...keep('usr/lib/python3.11/site-packages', 'home/.local/lib/python3.11/site-packages'),
      ...keep('ws/.venv/lib/python3.11/site-packages'),
      'ws/.venv/pyvenv.cfg':
        'home = {folder}/usr/bin\r\nInclude-System-Site-Packages = True\r\nversion_info = 3.11.7.final.0\r\n',
    },
    python: 'ws/.venv/bin/python',
    expected: [
      'ws/.venv/lib/python3.11/site-packages',
      'home/.local/lib/python3.11/site-packages',
      'usr/lib/python3.11/site-packages',
    ],
  },
  {
    name: 'an environment whose installation is gone',
    files: {
      ...file('e/bin/python'),
      ...keep('e/lib/python3.12/site-packages'),
      'e/pyvenv.cfg': 'home = {folder}/gone/bin\ninclude-system-site-packages = true\nversion = 3.12.1\n',
    },
    python: 'e/bin/python',
    expected: ['e/lib/python3.12/site-packages'],
  },
  {
    name: 'a link into an environment from elsewhere',
    files: {
      ...file('e/bin/python3'),
      ...keep('e/lib/python3.12/site-packages'),
      'e/pyvenv.cfg': 'home = {folder}/gone/bin\nversion = 3.12.1\n',
      'bin/python': { link: '../e/bin/python3' },
    },
    python: 'bin/python',
    expected: ['e/lib/python3.12/site-packages'],
    needsLinks: true,
  },
  {
    name: 'conda, whose library has a short name too',
    files: {
      'conda/envs/x/bin/python': { link: 'python3.11' },
      ...file('conda/envs/x/bin/python3.11', 'conda/envs/x/conda-meta/history'),
      ...keep('conda/envs/x/lib/python3.11/site-packages'),
      'conda/envs/x/lib/python3.1': { link: 'python3.11' },
    },
    python: 'conda/envs/x/bin/python',
    expected: ['conda/envs/x/lib/python3.11/site-packages'],
    needsLinks: true,
  },
  {
    name: 'a framework of macOS',
    files: {
      'usr/local/bin/python3': { link: '../../../Library/Frameworks/Python.framework/Versions/3.12/bin/python3' },
      'Library/Frameworks/Python.framework/Versions/3.12/bin/python3': { link: 'python3.12' },
      ...file('Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12'),
      ...keep('Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/site-packages'),
      ...keep('home/Library/Python/3.12/lib/python/site-packages'),
    },
    python: 'usr/local/bin/python3',
    expected: [
      'home/Library/Python/3.12/lib/python/site-packages',
      'Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/site-packages',
    ],
    needsLinks: true,
  },
  {
    name: 'an installation and an environment laid out as on Windows',
    files: {
      ...file('Python311/python.exe', 'w/Scripts/python.exe'),
      ...keep('Python311/Lib/site-packages', 'w/Lib/site-packages', 'home/roaming/Python/Python311/site-packages'),
      'w/pyvenv.cfg': 'home = {folder}/Python311\ninclude-system-site-packages = true\nversion = 3.11.4\n',
    },
    python: 'w/Scripts/python.exe',
    environment: { APPDATA: '{folder}/home/roaming' },
    expected: ['w/Lib/site-packages', 'Python311/Lib/site-packages'],
  },
  ...pyenvCases(),
  { name: 'no such interpreter', files: {}, python: 'bin/python', expected: [] },
];

function pyenvCases(): Case[] {
  const versions = ['3.9.18', '3.11.2', '3.11.10', '3.12.1'];
  const files = {
    ...file('pyenv/shims/python3', ...versions.map((version) => `pyenv/versions/${version}/bin/python3`)),
    ...keep(...versions.map((version) => siteOf(version))),
    ...file('system/bin/python3'),
    ...keep('system/lib/python3.8/site-packages'),
    'ws/.python-version': '# Chosen for torch.\n3.11\n',
    ...keep('ws/deep/er'),
  };
  const base = { files, python: 'pyenv/shims/python3' };
  const global = { ...files, 'pyenv/version': 'absent\n3.12.1\n' };
  return [
    {
      ...base,
      name: 'pyenv: the variable',
      environment: { PYENV_VERSION: '3.9.18' },
      folder: 'ws',
      expected: [siteOf('3.9.18')],
    },
    {
      ...base,
      name: 'pyenv: the file of a folder above, newest of a minor version',
      folder: 'ws/deep/er',
      expected: [siteOf('3.11.10')],
    },
    {
      ...base,
      name: 'pyenv: the global version, the first that is there',
      files: global,
      expected: [siteOf('3.12.1')],
    },
    {
      ...base,
      name: 'pyenv: no version at all is the system',
      environment: { PATH: ['{folder}/pyenv/shims', '{folder}/system/bin'].join(path.delimiter) },
      expected: ['system/lib/python3.8/site-packages'],
    },
  ];
}

function siteOf(version: string): string {
  return `pyenv/versions/${version}/lib/python${version.split('.').slice(0, 2).join('.')}/site-packages`;
}

function run(one: Case): string[] {
  const top = temporaryFolder(one.files);
  const environment = Object.fromEntries(
    Object.entries(one.environment ?? {}).map(([key, value]) => [key, value.replaceAll('{folder}', top)]),
  );
  const found = searchPathsOf(path.join(top, one.python), {
    environment,
    home: path.join(top, 'home'),
    folder: one.folder === undefined ? null : path.join(top, one.folder),
  });
  return found.map((folder) => path.relative(top, folder).split(path.sep).join('/'));
}

const isWindows = process.platform === 'win32';

describe('the folders of an interpreter', () => {
  test.for(cases.filter((one) => !(isWindows && one.needsLinks)))('$name', (one) => {
    expect(run(one)).toEqual(one.expected);
  });
});

describe('what is added to a folder of packages', () => {
  const added = (site: Files): string[] =>
    run({
      name: '',
      files: {
        ...file('p/bin/python3.11'),
        ...keep('p/lib/python3.11/site-packages', 'code/one/src', 'code/two', 'elsewhere'),
        ...Object.fromEntries(
          Object.entries(site).map(([name, text]) => [`p/lib/python3.11/site-packages/${name}`, text]),
        ),
      },
      python: 'p/bin/python3.11',
      expected: [],
    }).slice(1);

  test.for<[what: string, site: Files, expected: string[]]>([
    [
      'plain paths, in order',
      { 'b.pth': '{folder}/code/two\n', 'a.pth': '# comment\n\n{folder}/code/one/src\r\n{folder}/gone\n' },
      ['code/one/src', 'code/two'],
    ],
    [
      'a path relative to the folder, after a byte order mark',
      { 'a.pth': '\uFEFF../../../../elsewhere\n' },
      ['elsewhere'],
    ],
    ['a hidden file counts for nothing', { '.a.pth': '{folder}/elsewhere\n' }, []],
    [
      'the finder of an editable install',
      {
        '__editable__.one-0.1.pth': 'import __editable___one_0_1_finder; __editable___one_0_1_finder.install()',
        '__editable___one_0_1_finder.py':
          "import sys\nMAPPING: dict[str, str] = {'one': '{folder}/code/one/src/one', 'two.part': '{folder}/code/two/two/part', 'tool': '{folder}/code/two/tool'}\nNAMESPACES: dict[str, list[str]] = {'space': ['{folder}/elsewhere/space']}\nPATH_PLACEHOLDER = '__editable__.one-0.1.finder' + '.__path_hook__'\n",
      },
      ['code/one/src', 'code/two', 'elsewhere'],
    ],
    [
      'a finder that maps names to files',
      {
        '_one_editable.pth': 'import _one_editable',
        '_one_editable.py':
          'install({"one": "{folder}/code/one/src/one/__init__.py", "two": "{folder}/code/two/two.py"}, {}, None)\n',
      },
      ['code/one/src', 'code/two'],
    ],
    [
      'a package whose folder has another name can not be told by a path',
      { 'a.pth': 'import finder\n', 'finder.py': "MAPPING = {'one': '{folder}/code/one/src'}\n" },
      [],
    ],
    ['a finder that is not there, and other code', { 'a.pth': 'import gone\nimport os; os.listdir()\n' }, []],
  ])('%s', ([, site, expected]) => {
    expect(added(site)).toEqual(expected);
  });
});
