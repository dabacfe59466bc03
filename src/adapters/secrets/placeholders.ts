const holes =
  /x{6}|\*{3}|\.{3}|…|<[^>]*>|\$\{|\{\{|%[sdv]|^[$%{<[]|example|placeholder|redacted|removed|masked|your[-_ ]|change[-_]?me|replace|dummy|insert|sample|not[-_]?set/i;
const words = new Set(
  'password,passwd,passphrase,pass,pwd,secret,token,apikey,api_key,api-key,string,boolean,number,null,undefined,none,true,false,required,optional,hidden,string?,env,vault,keychain,prompt,user,username,root,admin,test,foo,bar,default,empty,any,unknown,object'.split(
    ',',
  ),
);

/** What examples and templates have in place of a secret. */
export function isPlaceholder(value: string): boolean {
  return holes.test(value) || words.has(value.toLowerCase()) || /^(.)\1*$/s.test(value);
}

/** An expression of a program: a name, a path of names, a call. */
export function isCode(value: string): boolean {
  return (
    /^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+[;,]?$/.test(value) ||
    /^(?:process|os|env|self|this|import|config|settings|options|props|args|req|res)\b[.[(]/.test(value)
  );
}
