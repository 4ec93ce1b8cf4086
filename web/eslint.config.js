// ESLint over the browser's side. Run from the repository's root: python web/check.py eslint
import js from "@eslint/js";
import globals from "globals";
import ts from "typescript-eslint";

// What a person reads stands in texts.js: a sentence, or a capital and small letters that are no key's name.
const WORDS = "/^(?!(Arrow\\w+|Enter|Escape|Home|End|Delete|Backspace|Tab|Shift|Control|Meta|NotFoundError|Secure|Momentum|Nesterov|Adam|Adagrad)$)[A-Z][a-z]+( |$)|[a-z] [a-z]+ [a-z]|[a-z][.!?\u2026]$/";
const MOVE = "Texts of the interface stand in texts.js of the component, marked by _().";
const UNTRANSLATED = [
  { selector: `:not(ImportExpression, ThrowStatement > NewExpression) > Literal[value=${WORDS}]`, message: MOVE },
  { selector: `TemplateElement[value.cooked=${WORDS}]`, message: MOVE },
];

// What holds for JavaScript and TypeScript alike
const RULES = {
  "array-callback-return": "error",
  "default-case-last": "error",
  "eqeqeq": ["error", "always", { null: "ignore" }], // == null asks for null and undefined,
  "max-lines": ["error", 300],
  "max-lines-per-function": ["error", { max: 60 }], // arrow functions inside count with the one around them
  "no-alert": "error",
  "no-console": ["error", { allow: ["error"] }],
  "no-constructor-return": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-lonely-if": "error",
  "no-new-func": "error",
  "no-param-reassign": "error",
  "no-promise-executor-return": "error",
  "no-self-compare": "error",
  "no-shadow": ["error", { hoist: "never" }],
  "no-template-curly-in-string": "error",
  "no-unneeded-ternary": "error",
  "no-unreachable-loop": "error",
  "no-unused-expressions": "error",
  "no-use-before-define": ["error", { functions: false, variables: false, classes: false }],
  "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
  "no-useless-return": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "no-restricted-properties": ["error",
    { property: "innerHTML", message: "Text enters the page through textContent only." },
    { property: "outerHTML", message: "Text enters the page through textContent only." },
    { property: "insertAdjacentHTML", message: "Text enters the page through textContent only." },
  ],
};

export default [
  { ignores: ["**/vendor/**", "**/node_modules/**", "static/canvas/**"] },
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: RULES,
  },
  ...ts.configs.recommended.map((part) => ({ ...part, files: ["**/*.ts", "**/*.tsx"] })),
  {
    files: ["**/*.ts", "**/*.tsx"],
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...RULES,
      "no-undef": "off", // tsc knows better, types too
      "no-unused-vars": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_$" }],
    },
  },
  {
    files: ["static/**/*.js", "web/canvas/src/*.ts", "web/canvas/src/*.tsx"],
    ignores: ["**/texts.js", "**/texts.ts", "**/vendor/**"],
    rules: { "no-restricted-syntax": ["error", ...UNTRANSLATED] },
  },
  { files: ["tests/js/**", "web/*.js"], languageOptions: { globals: globals.node } },
];
